#pragma once
// Flags that several commands share, so that they are spelled and explained once.
#include <string>
#include <vector>

#include "cmd/trunkform/command_spec.hpp"

namespace trunkform::cli::flags {

Flag json();
Flag no_color();
Flag input();
Flag lock();
Flag lock_timeout();
Flag parallelism(std::string help);  ///< 1 to 1000, 10 where it is not given
std::vector<Flag> variables();       ///< -var, -var-file
std::vector<Flag> selection();       ///< -target, -exclude, -replace
std::vector<Flag> join(std::vector<std::vector<Flag>> groups);

}  // namespace trunkform::cli::flags
