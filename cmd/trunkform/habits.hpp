#pragma once
// Words of Terraform that this program has not, each with what does the same here: a signpost instead of "unknown".
// Pure.
#include <optional>
#include <string>

#include "schemas/model/error.hpp"

namespace trunkform::cli {

/// `word`: the command as typed, with the second word of a group (`state replace-provider`).
std::optional<Error> habit_of_command(const std::string& word);

/// `command`: `init`; `flag`: `upgrade`, without dashes.
std::optional<Error> habit_of_flag(const std::string& command, const std::string& flag);

}  // namespace trunkform::cli
