#pragma once
// What Azure Blob Storage answers ("Blob service error codes"). Pure.
#include <optional>
#include <string>

#include "providers/cloud/caller.hpp"
#include "schemas/ports/blob_store.hpp"

namespace trunkform::cloud::azure {

/// The answer as a refusal; none for 2xx. `call`: `azure PutBlob`, for the message.
std::optional<Refusal> blob_refusal_of(const std::string& call, const HttpResponse& answer);

/// Whether it says that there is no such blob, though the container is there.
bool says_no_such_blob(const HttpResponse& answer);

/// Of an answer with a blob, or about one. Error: protocol.
Result<BlobFacts> blob_facts(const HttpResponse& answer);

/// The answer to ListBlobs. Error: protocol.
Result<BlobPage> listed_blobs(const HttpResponse& answer);

}  // namespace trunkform::cloud::azure
