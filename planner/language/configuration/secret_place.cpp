#include "planner/language/configuration/secret_place.hpp"

#include <string_view>

#include "schemas/codec/ascii_case.hpp"
#include "schemas/model/vault_path.hpp"

namespace trunkform::language {
namespace {

/// What the service is asked for: a mount `secret/data` with the path `x` and a mount `secret` with `data/x` are one.
Locator in_vault(const Locator& locator, const std::string& path) {
  const auto mount = argument_of(locator.arguments, "mount", k_usual_kv_mount);
  const bool is_first = argument_of(locator.arguments, "engine") == "1";
  return {locator.type, {{"path", is_first ? mount + "/" + path : kv_api_path(mount, "data", path)}}};
}

/// Hosts and names of secrets have no case, and a vault's name is short for its address in the public cloud.
Locator in_key_vault(const Locator& locator, const std::string& name) {
  constexpr std::string_view k_scheme = "https://", k_port = ":443";
  auto vault = lower_case(argument_of(locator.arguments, "vault"));
  if (vault.starts_with(k_scheme)) {
    vault.erase(0, k_scheme.size());
    while (vault.ends_with('/')) vault.pop_back();
    if (vault.ends_with(k_port)) vault.resize(vault.size() - k_port.size());
  } else {
    vault += ".vault.azure.net";
  }
  return {locator.type, {{"vault", vault}, {"name", lower_case(name)}}};
}

}  // namespace

Locator place_beside(const Locator& locator, const std::string& path_or_name) {
  if (locator.type == "vault_kv") return in_vault(locator, path_or_name);
  if (locator.type == "azure_keyvault_secret") return in_key_vault(locator, path_or_name);
  return locator;
}

Locator place_of(const Locator& locator) {
  const auto* name = locator.type == "vault_kv" ? "path" : "name";
  return place_beside(locator, argument_of(locator.arguments, name));
}

}  // namespace trunkform::language
