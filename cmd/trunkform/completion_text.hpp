#pragma once
// Completion for a shell, made from the table of commands: words, flags, and files where a flag or argument is one.
// Pure.
#include <string>
#include <string_view>
#include <vector>

#include "cmd/trunkform/command_spec.hpp"

namespace trunkform::cli {

/// `shell` is bash, zsh or fish. Error: invalid_input for another.
Result<std::string> completion_text(const std::vector<Command>& commands, std::string_view shell);

}  // namespace trunkform::cli
