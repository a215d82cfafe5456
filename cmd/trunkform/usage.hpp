#pragma once
// What is wrong with the words on a command line, told in our own words before any parser sees them: what, why, what
// was perhaps meant, and which command shows help. Pure; thread-safe.
#include <string>
#include <vector>

#include "cmd/trunkform/command_spec.hpp"

namespace trunkform::cli {

/// `-out=x` becomes `--out=x`, and the usual ways to ask for help or the version (`-h`, `help plan`, `-version`) become
/// the one that is parsed. What is after `--`, single letters and bare words stay.
std::vector<std::string> normalise_words(std::vector<std::string> words);

/// Of normalised words. Error: invalid_input with the usage to print; none where they can be parsed, or ask for help.
Result<> check_words(const std::vector<Command>& commands, const std::vector<std::string>& words);

/// Where flags from the environment go: behind the command, which `path` gets the words of. The end where there is
/// none.
std::size_t end_of_command(const std::vector<Command>& commands, const std::vector<std::string>& words,
                           std::vector<std::string>& path);

}  // namespace trunkform::cli
