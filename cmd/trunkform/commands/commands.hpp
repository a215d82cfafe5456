#pragma once
// Every command, one function a file: what it is called, its flags, what it does. The list is in registry.cpp.
#include <vector>

#include "cmd/trunkform/command_spec.hpp"

namespace trunkform::cli {

Command apply_command();
Command destroy_command();
Command plan_command();
Command validate_command();
Command version_command();

std::vector<Command> all_commands();

}  // namespace trunkform::cli
