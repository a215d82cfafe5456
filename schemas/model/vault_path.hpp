#pragma once
// Places in Vault as its API takes them apart, and the one way in which each is written: two texts that mean one secret
// must be known as one, before a key is written to where everybody may read. Pure; thread-safe.
#include <optional>
#include <string>
#include <string_view>

namespace trunkform {

/// Why `text` is no path, or no one segment of a path, for people; none: it is one. `..` leads to a place that the
/// operator's trust file did not name, whichever of server and proxies resolves it.
std::optional<std::string> no_vault_path(std::string_view text);
std::optional<std::string> no_vault_name(std::string_view text);

/// A path without the slash that may stand at either end and means nothing. Of `text`.
std::string_view normal_vault_path(std::string_view text);

}  // namespace trunkform
