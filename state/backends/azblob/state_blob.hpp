#pragma once
// The blob that a workspace is: its bytes are the document, its lease is the lock, its notes say who has leased it and
// which generation of the other blobs counts. Pure.
#include <optional>
#include <string>

#include "schemas/ports/blob_store.hpp"
#include "schemas/ports/lock.hpp"

namespace trunkform::state::azblob {

/// As it was looked at.
struct StateBlob {
  BlobFacts facts;
  std::string generation;
  std::optional<LockInfo> noted;  ///< who last took the lock, and may have given it back since
};

/// Errors: corrupt, unsupported; `name` for messages.
Result<StateBlob> state_blob_of(const std::string& name, BlobFacts facts);

/// `holder`: null where nobody took the lock yet.
BlobNotes state_notes(const std::string& generation, const LockInfo* holder);

/// The lease of a lock: its id where that is a UUID, as it is but for tests, else a UUID made of it.
std::string lease_id_of(const std::string& lock_id);

}  // namespace trunkform::state::azblob
