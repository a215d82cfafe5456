#pragma once
// What the key/value engine, version 2, says of all versions of a secret without showing one (`GET
// MOUNT/metadata/PATH`). One owner; not thread-safe.
#include <optional>
#include <string>
#include <vector>

#include "providers/cloud/secret_json.hpp"
#include "schemas/ports/certificate_source.hpp"

namespace trunkform::cloud::vault {

/// An RFC 3339 time of the engine's; none also for its empty text, which means never.
std::optional<Instant> time_at(SecretJson& json, SecretJson::Path path);

class KvMetadata {
 public:
  /// `body`: of the answer; of a 404 it lists nothing. `now`: for deletions that are still to come.
  KvMetadata(const SecretBuffer& body, Instant now) : m_json(body), m_now(now) {}

  /// The number of the newest version, whatever became of it.
  std::optional<std::string> newest();
  std::vector<std::string> versions();
  std::optional<Instant> created(const std::string& version);
  /// None: it is not listed, because it never was, or was more than the engine keeps.
  std::optional<VersionStatus> status(const std::string& version);

 private:
  SecretJson m_json;
  Instant m_now;
};

}  // namespace trunkform::cloud::vault
