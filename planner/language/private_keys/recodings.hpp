#pragma once
// What a text may be another writing of: base64 and base64url, base32, hexadecimal, decimal numbers, percent signs,
// escapes of strings, UTF-16. Whether it is, nobody knows, so these are candidates, and most are noise. Pure and
// thread-safe. Inside language only.
#include <string>
#include <string_view>
#include <vector>

namespace trunkform::language {

/// What stands in the file, or what that may be another writing of.
enum class Reading { as_it_stands, decoded };

/// In time and space O(text). Signs and escapes within what was decoded count only where it is text.
std::vector<std::string> recodings_of(std::string_view text, Reading reading);

}  // namespace trunkform::language
