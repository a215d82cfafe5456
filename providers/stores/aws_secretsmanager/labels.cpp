#include "providers/stores/aws_secretsmanager/labels.hpp"

#include <fmt/format.h>

#include "schemas/codec/digest.hpp"

namespace trunkform::stores {
namespace {

constexpr std::string_view k_ours = "trunkform-";
constexpr std::string_view k_key = "trunkform-key-";
constexpr std::size_t k_uuid = 36;

}  // namespace

std::string SecretLabels::at(std::string_view label) const {
  const auto found = versions.find(std::string(label));
  return found == versions.end() ? std::string() : found->second;
}

std::vector<std::string> SecretLabels::left_behind() const {
  std::vector<std::string> labels;
  for (const auto& [label, version] : versions)
    if (label.starts_with(k_ours) && label == version) labels.push_back(label);
  return labels;
}

SecretLabels labels_in(cloud::SecretJson& answer) {
  SecretLabels labels;
  labels.name = answer.text({"Name"}).value_or("");
  if (const auto deleted = answer.time({"DeletedDate"})) labels.deleted = to_rfc3339(*deleted);
  for (const auto& version : answer.names({"VersionIdsToStages"}))
    for (auto& label : answer.texts({"VersionIdsToStages", version}))
      labels.versions.insert_or_assign(std::move(label), version);
  return labels;
}

std::string staged_id(const std::string& request, Instant since) {
  return fmt::format("{}{}-{}", k_key, request, since.time_since_epoch().count());
}

std::string promoted_id(const std::string& request, std::string_view chain_pem) {
  return fmt::format("{}{}-{}", k_ours, request, sha256_hex(chain_pem).substr(0, 16));
}

std::string request_in(std::string_view version) {
  if (!version.starts_with(k_ours)) return {};
  version.remove_prefix(version.starts_with(k_key) ? k_key.size() : k_ours.size());
  return version.size() > k_uuid && version[k_uuid] == '-' ? std::string(version.substr(0, k_uuid)) : std::string();
}

}  // namespace trunkform::stores
