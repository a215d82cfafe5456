#pragma once
// What is wrong with the words on a command line, told in our own words before any parser sees them: what, why, what
// was perhaps meant, and which command shows help. Pure; thread-safe.
#include <string>
#include <vector>

#include "cmd/trunkform/command_spec.hpp"

namespace trunkform::cli {

/// invalid_input with `usage: ` before what is wrong: by that word a command's mistake is told from a file's or the
/// service's, and the exit code is 64.
Error usage_error(std::string what, std::string why = {});
/// The same of an error that knows of no command line: it came from the value of a flag or a word.
Error usage_error(Error error);
bool is_usage_error(const Error& error);

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
