#pragma once
// One page of `/secrets/{name}/versions` or `/certificates/{name}/versions`: metadata alone, no value. Pure.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::cloud::azure {

struct VersionItem {
  std::string version;  ///< 32 hex digits, as the id's last segment has them
  bool enabled = false;
  std::optional<Instant> created;
  std::optional<Instant> not_before;
  std::optional<Instant> expires;
  std::map<std::string, std::string> tags{};
};

struct VersionPage {
  std::vector<VersionItem> items;  ///< in the service's order, which is none
  std::string next_link;           ///< empty: the last page
};

/// Error: protocol.
Result<VersionPage> version_page_of(const std::string& json);

/// The last segment of `https://sip.vault.azure.net/secrets/sip/VERSION`; empty where the id has no such form.
std::string version_in(std::string_view id);

}  // namespace trunkform::cloud::azure
