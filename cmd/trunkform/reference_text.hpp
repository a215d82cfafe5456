#pragma once
// docs/reference: pages made from the program's own tables. A test holds each file against them. Pure.
#include <string>
#include <vector>

#include "cmd/trunkform/command_spec.hpp"

namespace trunkform::cli {

/// docs/reference/commands.md
std::string reference_text(const std::vector<Command>& commands);
/// docs/reference/functions.md: the functions of expressions.
std::string functions_text();

}  // namespace trunkform::cli
