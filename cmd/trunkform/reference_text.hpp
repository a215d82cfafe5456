#pragma once
// docs/reference/commands.md, made from the table of commands. A test holds the file against it. Pure.
#include <string>
#include <vector>

#include "cmd/trunkform/command_spec.hpp"

namespace trunkform::cli {

std::string reference_text(const std::vector<Command>& commands);

}  // namespace trunkform::cli
