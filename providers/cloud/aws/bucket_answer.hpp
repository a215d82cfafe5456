#pragma once
// What S3 answers, beside what AWS's services have in common (service_error.hpp). Pure.
#include <optional>
#include <string>
#include <vector>

#include "providers/cloud/caller.hpp"
#include "schemas/ports/object_store.hpp"

namespace trunkform::cloud::aws {

/// The answer as a refusal; none for 2xx. `call`: `s3 PutObject`, for the message. A condition that did not hold is a
/// conflict; two conditional writes that met (409) are sent again.
std::optional<Refusal> bucket_refusal_of(const std::string& call, const HttpResponse& answer);

/// Whether it says that there is no such object, though the bucket is there.
bool says_no_such_key(const HttpResponse& answer);

/// The answer to ListObjectsV2. Error: protocol.
Result<ObjectKeys> listed_keys(const HttpResponse& answer);

/// Those of `key`, of the answer to ListObjectVersions. Error: protocol.
Result<std::vector<ObjectVersion>> listed_versions(const HttpResponse& answer, const std::string& key);

}  // namespace trunkform::cloud::aws
