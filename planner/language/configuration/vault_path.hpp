#pragma once
// Places in Vault as its API takes them apart. Pure. Private to the room.
#include <optional>
#include <string>
#include <string_view>

#include "planner/language/configuration/schema.hpp"

namespace trunkform::language {

/// Why `text` is no place of this shape, for people; none: it is one. `..` leads to a place that the operator's trust
/// file did not name, whichever of server and proxies resolves it; a slash at either end means nothing.
std::optional<std::string> misshapen(Shape shape, std::string_view text);

}  // namespace trunkform::language
