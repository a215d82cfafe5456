#pragma once
// Where a store of each type keeps a key that nobody has signed yet, beside its pair: what writes there and what keeps
// others away from there must mean the same place. Pure; thread-safe.
#include <string>

namespace trunkform {

/// In the store's folder.
inline constexpr const char* k_staged_file = "pending.pem";

/// A secret beneath that of the pair.
inline std::string staged_vault_path(const std::string& path) { return path + "/pending"; }

/// A key vault has no paths.
inline std::string staged_key_vault_name(const std::string& name) { return name + "-pending"; }

}  // namespace trunkform
