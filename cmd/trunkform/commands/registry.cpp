#include <algorithm>
#include <iterator>

#include "cmd/trunkform/commands/commands.hpp"

namespace trunkform::cli {
namespace {

/// Asks no service, opens no source of certificates and sends no alert.
Command without_secrets(Command command) {
  command.secrets = Secrets::never;
  return command;
}

}  // namespace

std::vector<Command> all_commands() {
  std::vector<Command> commands{
      without_secrets(init_command()),
      without_secrets(validate_command()),
      without_secrets(fmt_command()),
      plan_command(),
      apply_command(),
      without_secrets(show_command()),
      drift_command(),
      forecast_command(),
      verify_command(),
      destroy_command(),
      import_command(),
      forget_command(),
      rollback_command(),
      untaint_command(),
      issuer_revoke_command(),
      issuer_unstage_command(),
      without_secrets(history_command()),
      inventory_command(),
      doctor_command(),
      without_secrets(output_command()),
      without_secrets(console_command()),
      notify_test_command(),
      certificate_check_command(),
      certificate_show_command(),
      without_secrets(state_list_command()),
      without_secrets(state_show_command()),
      state_mv_command(),
      state_rm_command(),
      without_secrets(state_pull_command()),
      state_push_command(),
      without_secrets(lock_show_command()),
      without_secrets(force_unlock_command()),
      without_secrets(completion_command()),
      without_secrets(version_command()),
  };
  for (auto group : {workspace_commands(), trust_commands()})
    std::transform(group.begin(), group.end(), std::back_inserter(commands), without_secrets);
  return commands;
}

}  // namespace trunkform::cli
