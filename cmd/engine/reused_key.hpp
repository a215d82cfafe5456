#pragma once
// The key of the certificate that a store has, for `reuse_key`; and whether a key may be signed at all. Asked under the
// lock, of the key in hand: a plan may be older than a revocation. Thread-safe for different stores.
#include <optional>
#include <set>

#include "cmd/engine/sources.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/state.hpp"
#include "schemas/ports/secret_store.hpp"

namespace trunkform::engine {

/// What a plan and a run say of it.
inline constexpr std::string_view k_made_in_spite =
    "a key is made in spite of reuse_key: the certificate was revoked, and its key with it";

struct KeyBefore {
  std::optional<SecretBuffer> key;  ///< unencrypted PKCS#8; none: it is of another type than the block asks for
  bool is_lost = false;             ///< its certificate was revoked, or its key is known to others: never signed again
};

/// Of the version that is to be replaced. `revoked`: the state's; null: nothing is. Errors: whatever keeps the pair
/// from being read.
Result<KeyBefore> key_before(const Context& context, Sources& sources, const IssueRequest& request,
                             const VersionId& version, const std::set<Fingerprint>* revoked);

/// Whether what was begun has a key that was revoked since: the one that is staged for it, or where none is, the one
/// that would be. Errors: whatever keeps that from being known.
Result<bool> has_lost_key(const Context& context, SecretStore& store, Sources& sources, const IssueRequest& request,
                          const OpenIssue& open, const std::set<Fingerprint>* revoked);

}  // namespace trunkform::engine
