#include "schemas/codec/shell_word.hpp"

#include <string_view>

namespace trunkform {

std::string shell_word(const std::string& word) {
  static constexpr std::string_view k_plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./=:@%+,";
  if (!word.empty() && word.find_first_not_of(k_plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace trunkform
