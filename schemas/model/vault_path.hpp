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

/// Where the key/value engine is mounted unless somebody says otherwise, as Vault's own server for development has it.
inline constexpr const char* k_usual_kv_mount = "secret";

/// What the engine, version 2, is asked for: `secret/data/sip`. Another mount and path may come to the same. `what`:
/// `data`, `metadata`, `destroy`.
std::string kv_api_path(std::string_view mount, std::string_view what, std::string_view path);

/// A path without the slash that may stand at either end and means nothing. Of `text`.
std::string_view normal_vault_path(std::string_view text);

}  // namespace trunkform
