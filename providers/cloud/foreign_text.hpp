#pragma once
// Text that others wrote, made fit for an error message: escaped, cut, in quotes. Pure.
#include <cstddef>
#include <string>
#include <string_view>

namespace trunkform::cloud {

/// Control characters and bytes beyond ASCII that could move a terminal's cursor or turn text round are `\xNN`; UTF-8
/// letters stay. Longer than `limit` bytes is cut with `…`.
std::string quoted(std::string_view text, std::size_t limit = 200);

}  // namespace trunkform::cloud
