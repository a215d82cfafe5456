#pragma once
// Words of commands that are printed for people to run.
#include <string>
#include <string_view>

namespace trunkform {

/// As a shell takes it for one word, whatever is in it: a command that is printed may have names of a configuration in
/// it, and is pasted as it stands.
std::string shell_word(std::string_view text);

}  // namespace trunkform
