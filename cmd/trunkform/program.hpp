#pragma once
// The program without its `main`: what tests link to run it against ports of their own.
#include <string>
#include <string_view>
#include <vector>

#include "cmd/trunkform/world.hpp"

namespace trunkform::cli {

/// `arguments` without the program's name. Returns the process's exit code. Never throws.
int run_program(World& world, std::vector<std::string> arguments);

/// Whether the command that these words name may come to hold a secret. Where they name none: no.
bool may_hold_secrets(const std::vector<std::string>& arguments);

/// What the first signal is answered with: only some commands have a trunk in hand.
std::string_view stop_notice(const std::vector<std::string>& arguments);

}  // namespace trunkform::cli
