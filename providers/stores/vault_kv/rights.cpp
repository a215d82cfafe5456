// What the token may do at the paths that a store writes to, asked without writing.
#include <fmt/format.h>

#include "providers/cloud/vault/capabilities.hpp"
#include "providers/stores/vault_kv/store.hpp"

namespace trunkform::stores {

std::vector<cloud::vault::Need> VaultKvStore::needs() const {
  const auto at = [&](const char* what, const std::string& path) { return kv_api_path(m_place.mount, what, path); };
  std::vector<cloud::vault::Need> needs{{at("data", m_place.path), {"create", "update", "read"}},
                                        {at("metadata", m_place.path), {"read"}},
                                        {at("data", pending_path()), {"create", "update", "read"}},
                                        {at("destroy", pending_path()), {"update"}}};
  if (!m_place.public_path.empty()) needs.push_back({at("data", m_place.public_path), {"create", "update", "read"}});
  return needs;
}

Checkup VaultKvStore::examine(const Context& context) {
  Checkup checkup;
  if (auto version = is_version_2(context); !version) {
    checkup.bad(std::move(version.error()));
    return checkup;
  }
  cloud::vault::examine_needs(context, m_client, needs(), "write there", checkup);
  if (!m_place.public_path.empty()) examine_public(context, checkup);
  return checkup;
}

std::vector<std::string> VaultKvStore::foretell(const Context& context, const std::optional<VersionId>& current) {
  const auto brief = m_client.briefly(context);
  if (!brief) return {};
  auto lacks = cloud::vault::lacks(*brief, m_client, needs(), current.has_value());
  return lacks ? std::move(*lacks) : std::vector<std::string>();
}

}  // namespace trunkform::stores
