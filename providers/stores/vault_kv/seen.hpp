#pragma once
// One secret of the engine as a store sees it. Private to the folder; one owner; not thread-safe.
#include "providers/cloud/secret_json.hpp"
#include "providers/stores/layout.hpp"
#include "providers/stores/vault_kv/store.hpp"

namespace trunkform::stores {

/// The newest version of a secret.
struct VaultKvStore::Seen {
  std::uint64_t number = 0;  ///< what `cas` has to name: also of a version that was deleted; 0: nothing was ever there
  bool is_there = false;     ///< with its data
  cloud::SecretJson json;

  Field field() {
    return [this](std::string_view name) { return json.secret({"data", "data", name}); };
  }
  std::string request() { return is_there ? request_in(field()) : std::string(); }
  std::optional<VersionId> version() const {
    return is_there ? std::optional(VersionId{std::to_string(number)}) : std::nullopt;
  }
};

}  // namespace trunkform::stores
