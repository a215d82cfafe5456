#include <iterator>

#include "cmd/trunkform/commands/commands.hpp"

namespace trunkform::cli {

std::vector<Command> all_commands() {
  std::vector<Command> commands{
      init_command(),
      validate_command(),
      fmt_command(),
      plan_command(),
      apply_command(),
      show_command(),
      drift_command(),
      forecast_command(),
      verify_command(),
      destroy_command(),
      import_command(),
      forget_command(),
      rollback_command(),
      history_command(),
      inventory_command(),
      output_command(),
      console_command(),
      notify_test_command(),
      certificate_check_command(),
      certificate_show_command(),
      state_list_command(),
      state_show_command(),
      state_mv_command(),
      state_rm_command(),
      state_pull_command(),
      state_push_command(),
      force_unlock_command(),
      completion_command(),
      version_command(),
  };
  for (auto group : {workspace_commands(), trust_commands()})
    std::move(group.begin(), group.end(), std::back_inserter(commands));
  return commands;
}

}  // namespace trunkform::cli
