#include "providers/cloud/vault/kv_metadata.hpp"

#include <algorithm>

namespace trunkform::cloud::vault {

std::optional<Instant> time_at(SecretJson& json, SecretJson::Path path) {
  const auto text = json.text(path);
  if (!text || text->empty()) return std::nullopt;
  return parse_rfc3339(*text);
}

std::optional<std::string> KvMetadata::newest() {
  const auto number = m_json.number({"data", "current_version"});
  return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

std::vector<std::string> KvMetadata::versions() { return m_json.names({"data", "versions"}); }

std::optional<Instant> KvMetadata::created(const std::string& version) {
  return time_at(m_json, {"data", "versions", version, "created_time"});
}

std::optional<VersionStatus> KvMetadata::status(const std::string& version) {
  const auto listed = versions();
  if (std::find(listed.begin(), listed.end(), version) == listed.end()) return std::nullopt;
  if (m_json.flag({"data", "versions", version, "destroyed"}).value_or(false)) return VersionStatus::destroyed;
  // A time that is still to come is that of `delete_version_after`.
  const auto deleted = time_at(m_json, {"data", "versions", version, "deletion_time"});
  return deleted && *deleted <= m_now ? VersionStatus::disabled : VersionStatus::usable;
}

}  // namespace trunkform::cloud::vault
