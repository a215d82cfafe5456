#include "schemas/model/shell_word.hpp"

#include <algorithm>

namespace trunkform {

std::string shell_quoted(std::string_view text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string shell_quoted(const Address& address) { return shell_quoted(to_string(address)); }

std::string shell_word(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./=:@%+,").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  return shell_quoted(text);
}

std::string shell_command(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + shell_word(word);
  return line;
}

std::string shell_double_quoted(std::string_view text) {
  constexpr std::string_view k_meant_otherwise = "\"\\$`!";
  if (text.find_first_of(k_meant_otherwise) != std::string_view::npos) return shell_quoted(text);
  return "\"" + std::string(text) + "\"";
}

}  // namespace trunkform
