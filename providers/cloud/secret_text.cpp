#include "providers/cloud/secret_text.hpp"

#include <algorithm>

namespace trunkform::cloud {

SecretBuffer joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  SecretBuffer all(size);
  char* end = all.data();
  for (const auto part : parts) end = std::copy(part.begin(), part.end(), end);
  return all;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view k_space = " \t\r\n";
  const auto first = text.find_first_not_of(k_space);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(k_space) - first + 1);
}

}  // namespace trunkform::cloud
