#pragma once
// The blob that a workspace is: its bytes are the document, its lease is the lock, its notes say who has leased it and
// which generation of the other blobs counts.
#include <optional>
#include <string>

#include "schemas/ports/lock.hpp"
#include "state/backends/azblob/blobs.hpp"

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

/// None: there is no such workspace.
Result<std::optional<StateBlob>> look_at_state(const Context& context, Blobs& blobs, const std::string& name);
/// Where that lock's lease is the blob's now. Error: fenced.
Result<StateBlob> held_state(const Context& context, Blobs& blobs, const std::string& name, const std::string& lock_id);
/// The blob, with no document in it where it was not there yet.
Result<StateBlob> made_state(const Context& context, Blobs& blobs, const std::string& name);

/// What a holder is told that is none any more.
Error lease_ended();

}  // namespace trunkform::state::azblob
