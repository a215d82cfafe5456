#pragma once
// Places in Vault as its API takes them apart. Pure. Private to the room.
#include <optional>
#include <string>
#include <string_view>

namespace trunkform::language {

/// Why `text` is no path, or no one segment of a path, for people; none: it is one. `..` leads to a place that the
/// operator's trust file did not name, whichever of server and proxies resolves it; a slash at either end of a path
/// means nothing.
std::optional<std::string> no_vault_path(std::string_view text);
std::optional<std::string> no_vault_name(std::string_view text);

}  // namespace trunkform::language
