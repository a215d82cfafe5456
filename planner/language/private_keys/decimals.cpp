#include "planner/language/private_keys/decimals.hpp"

namespace trunkform::language {
namespace {

constexpr std::size_t k_least_bytes = 20;  // less begins no key

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_between(char c) { return std::string_view(" \t\r\n,;:|-[](){}").find(c) != std::string_view::npos; }

/// The number at `at`, which is a digit, and `at` behind it; above 255: it is none of a byte.
int number_at(std::string_view text, std::size_t& at) {
  int value = 0;
  for (; at < text.size() && is_digit(text[at]); ++at)
    if (value < 256) value = value * 10 + (text[at] - '0');
  return value;
}

/// A minus, and not a dash between two numbers.
bool is_negative(std::string_view text, std::size_t at) {
  return at > 0 && text[at - 1] == '-' && (at < 2 || !is_digit(text[at - 2]));
}

}  // namespace

void add_decimals(std::string_view text, std::vector<std::string>& to) {
  std::string bytes;
  const auto end_list = [&] {
    if (bytes.size() >= k_least_bytes) to.push_back(bytes);
    bytes.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      if (!is_between(text[at])) end_list();
      ++at;
      continue;
    }
    const bool negative = is_negative(text, at);
    const int value = number_at(text, at);
    if (value > (negative ? 128 : 255))
      end_list();
    else
      bytes.push_back(static_cast<char>(negative ? 256 - value : value));
  }
  end_list();
}

}  // namespace trunkform::language
