#pragma once
// Commands that people are shown to run. Pure.
#include <string>

namespace trunkform {

/// As a POSIX shell takes it for one word: in quotes only where it needs them.
std::string shell_word(const std::string& word);

}  // namespace trunkform
