#include "cmd/trunkform/commands/commands.hpp"

namespace trunkform::cli {

std::vector<Command> all_commands() {
  return {
      validate_command(), plan_command(), apply_command(), destroy_command(), version_command(),
  };
}

}  // namespace trunkform::cli
