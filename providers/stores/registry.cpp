#include "providers/stores/registry.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "providers/stores/aws_secretsmanager/store.hpp"
#include "providers/stores/azure_keyvault_secret/store.hpp"
#include "providers/stores/files/store.hpp"
#include "providers/stores/vault_kv/store.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/model/staged_place.hpp"
#include "schemas/model/vault_path.hpp"

namespace trunkform::stores {
namespace {

constexpr const char* k_letters_of_names = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";

using Factory = Result<std::unique_ptr<SecretStore>> (*)(const Arguments& arguments, const Surroundings& around);

struct Registration {
  std::string_view type;
  Factory make;
};

std::size_t number_said(const Arguments& arguments, const std::string& name, std::size_t otherwise) {
  const auto text = argument_of(arguments, name);
  std::size_t number = otherwise;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<std::string> needed(const Arguments& arguments, const std::string& type, const std::string& name) {
  auto text = argument_of(arguments, name);
  if (text.empty()) return Error(ErrorCode::invalid_input, fmt::format("store.{} needs the argument `{}`", type, name));
  return text;
}

Result<std::unique_ptr<SecretStore>> make_files(const Arguments& arguments, const Surroundings& around) {
  const auto path = TRY(needed(arguments, "files", "path"));
  auto folder = std::filesystem::absolute(around.base / path).lexically_normal();
  // `sip/` is the place `sip`: a line of the trust file has no slash at its end.
  if (!folder.has_filename() && folder.has_relative_path()) folder = folder.parent_path();
  return std::make_unique<FilesStore>(around.files, std::move(folder), number_said(arguments, "keep", k_keep));
}

Result<std::unique_ptr<SecretStore>> make_aws_secretsmanager(const Arguments& arguments, const Surroundings& around) {
  auto secret = TRY(needed(arguments, "aws_secretsmanager", "secret_id"));
  if (!around.services.aws) return Error(ErrorCode::unsupported, "nothing is known of provider.aws here");
  return std::make_unique<AwsSecretsManagerStore>(*TRY(around.services.aws()), std::move(secret));
}

/// The place is what the operator trusts, so that no segment may lead out of it on the way to the server.
Result<> make_normal(const std::string& type, const std::string& name, std::string& path) {
  if (path.empty()) return {};
  if (auto why = no_vault_path(path))
    return Error(ErrorCode::invalid_input, fmt::format("{} of store.{} is no path", name, type), std::move(*why))
        .hint("write it as vault kv list shows it, such as sip/carrier-a");
  path = normal_vault_path(path);
  return {};
}

Result<std::unique_ptr<SecretStore>> make_azure_keyvault_secret(const Arguments& arguments,
                                                                const Surroundings& around) {
  auto vault = TRY(cloud::azure::vault_place(TRY(needed(arguments, "azure_keyvault_secret", "vault"))));
  auto name = TRY(needed(arguments, "azure_keyvault_secret", "name"));
  if (name.find_first_not_of(k_letters_of_names) != std::string::npos)
    return Error(ErrorCode::invalid_input, "name of store.azure_keyvault_secret is no name of a secret",
                 "a key vault takes letters, digits and hyphens");
  if (!around.services.azure) return Error(ErrorCode::unsupported, "nothing is known of provider.azure here");
  auto* client = TRY(around.services.azure(vault));
  return std::make_unique<AzureKeyVaultSecretStore>(*client, std::move(vault), std::move(name));
}

Result<std::unique_ptr<SecretStore>> make_vault_kv(const Arguments& arguments, const Surroundings& around) {
  VaultKvStorePlace where;
  where.mount = argument_of(arguments, "mount", where.mount);
  where.path = TRY(needed(arguments, "vault_kv", "path"));
  where.public_path = argument_of(arguments, "public_path");
  TRY(make_normal("vault_kv", "mount", where.mount));
  TRY(make_normal("vault_kv", "path", where.path));
  TRY(make_normal("vault_kv", "public_path", where.public_path));
  if (where.public_path == where.path || where.public_path == staged_vault_path(where.path))
    return Error(ErrorCode::invalid_input, "public_path of store.vault_kv is where the key is")
        .hint("name a secret of its own, which other people may read");
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
