#include <algorithm>
#include <iterator>

#include "cmd/trunkform/commands/commands.hpp"

namespace trunkform::cli {
namespace {

/// Asks no service, opens no source of certificates, sends no alert, and reads no state, which may be encrypted.
Command without_secrets(Command command) {
  command.secrets = Secrets::never;
  return command;
}

}  // namespace

std::vector<Command> all_commands() {
  std::vector<Command> commands{
      init_command(),
      without_secrets(validate_command()),
      without_secrets(fmt_command()),
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
      untaint_command(),
      issuer_revoke_command(),
      issuer_unstage_command(),
      history_command(),
      inventory_command(),
      doctor_command(),
      output_command(),
      without_secrets(console_command()),
      notify_test_command(),
      certificate_check_command(),
      certificate_show_command(),
      state_list_command(),
      state_show_command(),
      state_mv_command(),
      state_rm_command(),
      state_pull_command(),
      state_push_command(),
      state_versions_command(),
      state_restore_command(),
      state_rekey_command(),
      without_secrets(lock_show_command()),
      without_secrets(force_unlock_command()),
      without_secrets(completion_command()),
      without_secrets(version_command()),
  };
  for (auto& command : workspace_commands()) commands.push_back(std::move(command));
  for (auto& command : trust_commands()) commands.push_back(without_secrets(std::move(command)));
  return commands;
}

}  // namespace trunkform::cli
