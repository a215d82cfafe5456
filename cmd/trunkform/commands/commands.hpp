#pragma once
// Every command, one function a file: what it is called, its flags, what it does. The list is in registry.cpp.
#include <vector>

#include "cmd/trunkform/command_spec.hpp"
#include "cmd/trunkform/shared_flags.hpp"

namespace trunkform::cli {

Command apply_command();
Command certificate_check_command();
Command certificate_show_command();
Command completion_command();
Command console_command();
Command destroy_command();
Command doctor_command();
Command drift_command();
Command fmt_command();
Command forecast_command();
Command force_unlock_command();
Command lock_show_command();
Command forget_command();
Command rollback_command();
Command untaint_command();
Command issuer_revoke_command();
Command issuer_unstage_command();
Command history_command();
Command import_command();
Command init_command();
Command inventory_command();
Command notify_test_command();
Command output_command();
Command plan_command();
Command show_command();
Command state_list_command();
Command state_mv_command();
Command state_pull_command();
Command state_push_command();
Command state_rekey_command();
Command state_restore_command();
Command state_rm_command();
Command state_show_command();
Command state_versions_command();
std::vector<Command> trust_commands();
Command validate_command();
Command verify_command();
Command version_command();
std::vector<Command> workspace_commands();

std::vector<Command> all_commands();

}  // namespace trunkform::cli
