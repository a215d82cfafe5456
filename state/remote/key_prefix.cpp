#include "state/remote/key_prefix.hpp"

#include <algorithm>
#include <string_view>

namespace trunkform::state {
namespace {

/// What is safe in a key ("Creating object key names", Amazon S3 User Guide), and leaves room beneath for the rest.
bool is_prefix(std::string_view text) {
  constexpr std::size_t k_longest = 512;
  constexpr std::string_view k_plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  if (text.size() > k_longest) return false;
  while (!text.empty()) {
    const auto end = std::min(text.find('/'), text.size());
    const auto part = text.substr(0, end);
    if (part.empty() || part == "." || part == ".." || part.find_first_not_of(k_plain) != std::string_view::npos)
      return false;
    if (end + 1 == text.size()) return false;  // a slash at its end
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

}  // namespace

Result<std::string> key_prefix(const std::map<std::string, std::string>& arguments, const std::string& block) {
  const auto found = arguments.find("prefix");
  if (found == arguments.end()) return std::string("trunkform");
  if (is_prefix(found->second)) return found->second;
  return Error(ErrorCode::invalid_input, "the prefix of " + block + " cannot begin a key",
               "it is made of letters, digits, `-`, `_` and `.`, its parts separated by single slashes, with none at "
               "its ends, at most 512 characters")
      .hint("write one such as \"sip/production\"");
}

}  // namespace trunkform::state
