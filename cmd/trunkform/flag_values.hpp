#pragma once
// What the value of a flag, or a word, must look like: said in the command's table, checked once for all commands,
// before any of them runs. Pure.
#include "cmd/trunkform/command_spec.hpp"

namespace trunkform::cli {

/// Error: invalid_input (exit 64) with the value and an example.
Result<> check_flag_value(const Flag& flag, const std::string& value);

/// The same of a word that must be an address.
Result<> check_address_word(const std::string& word);

/// What `-help` and the page of commands say of a flag: with its default, and whether it may be repeated.
std::string help_of(const Flag& flag);

}  // namespace trunkform::cli
