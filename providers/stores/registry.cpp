#include "providers/stores/registry.hpp"

#include <charconv>

#include <fmt/format.h>

#include "providers/stores/aws_secretsmanager/store.hpp"
#include "providers/stores/azure_keyvault_secret/store.hpp"
#include "providers/stores/files/store.hpp"
#include "providers/stores/vault_kv/store.hpp"

namespace trunkform::stores {
namespace {

using Arguments = std::map<std::string, std::string>;
using Factory = Result<std::unique_ptr<SecretStore>> (*)(const Arguments& arguments, const Surroundings& around);

struct Registration {
  std::string_view type;
  Factory make;
};

/// What the argument says, or else `otherwise`. The language has checked which there are.
std::string said(const Arguments& arguments, const std::string& name, const std::string& otherwise = {}) {
  const auto found = arguments.find(name);
  return found == arguments.end() || found->second.empty() ? otherwise : found->second;
}

std::size_t number_said(const Arguments& arguments, const std::string& name, std::size_t otherwise) {
  const auto text = said(arguments, name);
  std::size_t number = otherwise;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<std::string> needed(const Arguments& arguments, const std::string& type, const std::string& name) {
  auto text = said(arguments, name);
  if (text.empty()) return Error(ErrorCode::invalid_input, fmt::format("store.{} needs the argument `{}`", type, name));
  return text;
}

Result<std::unique_ptr<SecretStore>> make_files(const Arguments& arguments, const Surroundings& around) {
  const auto path = TRY(needed(arguments, "files", "path"));
  return std::make_unique<FilesStore>(around.files, std::filesystem::absolute(around.base / path).lexically_normal(),
                                      number_said(arguments, "keep", k_keep));
}

Result<std::unique_ptr<SecretStore>> make_aws_secretsmanager(const Arguments& arguments, const Surroundings& around) {
  auto secret = TRY(needed(arguments, "aws_secretsmanager", "secret_id"));
  if (!around.services.aws) return Error(ErrorCode::unsupported, "nothing is known of provider.aws here");
  return std::make_unique<AwsSecretsManagerStore>(*TRY(around.services.aws()), std::move(secret));
}

Result<std::unique_ptr<SecretStore>> make_azure_keyvault_secret(const Arguments& arguments,
                                                                const Surroundings& around) {
  auto vault = TRY(cloud::azure::vault_place(TRY(needed(arguments, "azure_keyvault_secret", "vault"))));
  auto name = TRY(needed(arguments, "azure_keyvault_secret", "name"));
  if (!around.services.azure) return Error(ErrorCode::unsupported, "nothing is known of provider.azure here");
  auto* client = TRY(around.services.azure(vault));
  return std::make_unique<AzureKeyVaultSecretStore>(*client, std::move(vault), std::move(name));
}

Result<std::unique_ptr<SecretStore>> make_vault_kv(const Arguments& arguments, const Surroundings& around) {
  VaultKvStorePlace where;
  where.mount = said(arguments, "mount", where.mount);
  where.path = TRY(needed(arguments, "vault_kv", "path"));
  where.public_path = said(arguments, "public_path");
  if (!around.services.vault) return Error(ErrorCode::unsupported, "nothing is known of provider.vault here");
  return std::make_unique<VaultKvStore>(*TRY(around.services.vault()), std::move(where));
}

// One line a store.
constexpr Registration k_registrations[] = {
    {"aws_secretsmanager", make_aws_secretsmanager},
    {"azure_keyvault_secret", make_azure_keyvault_secret},
    {"files", make_files},
    {"vault_kv", make_vault_kv},
};

}  // namespace

Result<std::unique_ptr<SecretStore>> make_store(const Locator& locator, const Surroundings& surroundings) {
  for (const auto& registration : k_registrations)
    if (registration.type == locator.type) return registration.make(locator.arguments, surroundings);
  return Error(ErrorCode::unsupported, fmt::format("the store '{}' is not known", locator.type));
}

}  // namespace trunkform::stores
