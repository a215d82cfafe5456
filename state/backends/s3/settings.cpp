#include <algorithm>
#include <string_view>

#include "state/backends/s3/engine.hpp"

namespace trunkform::state::s3 {
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

Result<Settings> settings_of(const std::map<std::string, std::string>& arguments) {
  Settings settings;
  const auto found = arguments.find("prefix");
  if (found == arguments.end()) return settings;
  settings.prefix = found->second;
  if (is_prefix(settings.prefix)) return settings;
  return Error(ErrorCode::invalid_input, "the prefix of backend.s3 cannot begin a key",
               "it is made of letters, digits, `-`, `_` and `.`, its parts separated by single slashes, with none at "
               "its ends, at most 512 characters")
      .hint("write one such as \"sip/production\"");
}

}  // namespace trunkform::state::s3
