#include "providers/sources/registry.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/aws/places.hpp"
#include "providers/sources/acm/source.hpp"
#include "providers/sources/aws_secretsmanager/source.hpp"
#include "providers/sources/azure_keyvault_certificate/source.hpp"
#include "providers/sources/azure_keyvault_secret/source.hpp"
#include "providers/sources/certbot/source.hpp"
#include "providers/sources/kubernetes_secret/source.hpp"
#include "providers/sources/pem_files/source.hpp"
#include "providers/sources/pkcs12/source.hpp"
#include "providers/sources/vault_kv/source.hpp"
#include "schemas/model/diagnostic.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/model/vault_path.hpp"

namespace trunkform::sources {
namespace {

using Factory = Result<std::unique_ptr<CertificateSource>> (*)(const Arguments& arguments,
                                                               const Surroundings& surroundings);

struct Registration {
  SourceType type;
  Factory make;
};

/// `base` joined; empty where the argument is not given.
Path place(const Arguments& arguments, const std::string& name, const Path& base) {
  const auto found = arguments.find(name);
  return found == arguments.end() || found->second.empty() ? Path() : base / found->second;
}

Result<std::unique_ptr<CertificateSource>> make_pem_files(const Arguments& arguments, const Surroundings& around) {
  PemFilesPlaces places{place(arguments, "chain", around.base), place(arguments, "private_key", around.base),
                        place(arguments, "versions", around.base)};
  return std::make_unique<PemFilesSource>(around.files, std::move(places), around.passphrase);
}

Result<std::unique_ptr<CertificateSource>> make_certbot(const Arguments& arguments, const Surroundings& around) {
  return std::make_unique<CertbotSource>(around.files, place(arguments, "live", around.base));
}

Result<std::unique_ptr<CertificateSource>> make_pkcs12(const Arguments& arguments, const Surroundings& around) {
  Pkcs12Places places{place(arguments, "file", around.base), place(arguments, "versions", around.base)};
  return std::make_unique<Pkcs12Source>(around.files, std::move(places), around.passphrase);
}

FieldNames field_names(const Arguments& arguments) {
  FieldNames names;
  names.certificate = argument_of(arguments, "certificate_field", names.certificate);
  names.chain = argument_of(arguments, "chain_field");
  names.key = argument_of(arguments, "key_field", names.key);
  return names;
}

Result<cloud::vault::Client*> opened_vault(const Services* services) {
  if (services == nullptr || !services->vault)
    return Error(ErrorCode::unsupported, "nothing is known of provider.vault here");
  return services->vault();
}

Result<std::unique_ptr<CertificateSource>> make_vault_kv(const Arguments& arguments, const Surroundings& around) {
  VaultKvPlace where;
  where.mount = normal_vault_path(argument_of(arguments, "mount", where.mount));
  where.path = normal_vault_path(argument_of(arguments, "path"));
  where.engine = argument_of(arguments, "engine") == "1" ? KvEngine::v1 : KvEngine::v2;
  if (const auto version = argument_of(arguments, "version"); !version.empty()) where.version = version;
  where.fields = field_names(arguments);
  where.public_path = normal_vault_path(argument_of(arguments, "public_path"));
  if (!where.public_path.empty() && where.engine == KvEngine::v1)
    return Error(ErrorCode::invalid_input, "public_path needs version 2 of the key/value engine",
                 "version 1 has no versions that the two secrets could agree upon")
        .hint("leave public_path out, or engine");
  if (where.public_path == where.path)
    return Error(ErrorCode::invalid_input, "public_path of certificate.vault_kv is where it reads a private key",
                 "whoever may read what is public would read that key")
        .hint("name a secret of its own as public_path, or leave it out");
  auto* client = TRY(opened_vault(around.services));
  return std::make_unique<VaultKvSource>(*client, std::move(where));
}

Result<cloud::azure::Client*> opened_azure(const Services* services, const cloud::azure::VaultPlace& vault) {
  if (services == nullptr || !services->azure)
    return Error(ErrorCode::unsupported, "nothing is known of provider.azure here");
  return services->azure(vault);
}

std::optional<std::string> version_of(const Arguments& arguments) {
  auto version = argument_of(arguments, "version");
  return version.empty() ? std::nullopt : std::optional(std::move(version));
}

Result<std::unique_ptr<CertificateSource>> make_azure_keyvault_secret(const Arguments& arguments,
                                                                      const Surroundings& around) {
  auto vault = TRY(cloud::azure::vault_place(argument_of(arguments, "vault")));
  auto* client = TRY(opened_azure(around.services, vault));
  return std::make_unique<AzureKeyVaultSecretSource>(
      KeyVaultSecret(*client, std::move(vault), argument_of(arguments, "name")), version_of(arguments));
}

Result<std::unique_ptr<CertificateSource>> make_azure_keyvault_certificate(const Arguments& arguments,
                                                                           const Surroundings& around) {
  auto vault = TRY(cloud::azure::vault_place(argument_of(arguments, "vault")));
  auto* client = TRY(opened_azure(around.services, vault));
  AzureKeyVaultCertificatePlace where{std::move(vault), argument_of(arguments, "name"), version_of(arguments),
                                      place(arguments, "chain", around.base)};
  return std::make_unique<AzureKeyVaultCertificateSource>(*client, around.files, std::move(where));
}

Result<std::unique_ptr<CertificateSource>> make_kubernetes_secret(const Arguments& arguments,
                                                                  const Surroundings& around) {
  if (around.services == nullptr || !around.services->kubernetes)
    return Error(ErrorCode::unsupported, "nothing is known of a Kubernetes cluster here");
  KubernetesSecretPlace where;
  where.name_space = argument_of(arguments, "namespace");
  where.secret = argument_of(arguments, "secret");
  where.certificate_field = argument_of(arguments, "certificate_field", where.certificate_field);
  where.key_field = argument_of(arguments, "key_field", where.key_field);
  return std::make_unique<KubernetesSecretSource>(*TRY(around.services->kubernetes()), std::move(where));
}

Result<cloud::aws::Client*> opened_aws(const Services* services) {
  if (services == nullptr || !services->aws)
    return Error(ErrorCode::unsupported, "nothing is known of provider.aws here");
  return services->aws();
}

Result<std::unique_ptr<CertificateSource>> make_aws_secretsmanager(const Arguments& arguments,
                                                                   const Surroundings& around) {
  AwsSecretPlace where;
  where.secret = argument_of(arguments, "secret_id");
  where.stage = argument_of(arguments, "version_stage", where.stage);
  if (const auto version = argument_of(arguments, "version"); !version.empty()) where.version = version;
  if (where.version && arguments.contains("version_stage"))
    return Error(ErrorCode::invalid_input, "version and version_stage exclude each other",
                 "a version is one secret for ever, and a stage is now this one, now that")
        .hint("keep version_stage, unless the certificate must never change");
  where.fields = field_names(arguments);
  auto* client = TRY(opened_aws(around.services));
  return std::make_unique<AwsSecretsManagerSource>(*client, std::move(where), around.passphrase);
}

Result<std::unique_ptr<CertificateSource>> make_acm(const Arguments& arguments, const Surroundings& around) {
  AcmPlace where{argument_of(arguments, "certificate_arn"), argument_of(arguments, "domain_name")};
  if (where.arn.empty() == where.domain.empty())
    return Error(ErrorCode::invalid_input, "certificate.acm needs one of certificate_arn and domain_name");
  if (!where.arn.empty())
    if (const auto arn = cloud::aws::parse_arn(where.arn); !arn || arn->service != "acm")
      return Error(ErrorCode::invalid_input, "certificate_arn is not the ARN of a certificate in ACM")
          .hint("it looks like arn:aws:acm:eu-central-1:123456789012:certificate/…: aws acm list-certificates");
  auto* client = TRY(opened_aws(around.services));
  return std::make_unique<AcmSource>(*client, std::move(where));
}

// One line a source.
const std::vector<Registration>& registrations() {
  static const std::vector<Registration> k_registrations{
      {{"pem_files", {"chain", "private_key"}, {"passphrase", "versions"}}, make_pem_files},
      {{"certbot", {"live"}, {}}, make_certbot},
      {{"pkcs12", {"file"}, {"passphrase", "versions"}}, make_pkcs12},
      {{"vault_kv",
        {"path"},
        {"mount", "engine", "version", "certificate_field", "chain_field", "key_field", "public_path"}},
       make_vault_kv},
      {{"azure_keyvault_secret", {"vault", "name"}, {"version"}}, make_azure_keyvault_secret},
      {{"azure_keyvault_certificate", {"vault", "name"}, {"version", "chain"}}, make_azure_keyvault_certificate},
      {{"kubernetes_secret", {"namespace", "secret"}, {"certificate_field", "key_field"}}, make_kubernetes_secret},
      {{"aws_secretsmanager",
        {"secret_id"},
        {"version", "version_stage", "certificate_field", "chain_field", "key_field", "passphrase"}},
       make_aws_secretsmanager},
      {{"acm", {}, {"certificate_arn", "domain_name"}}, make_acm},
  };
  return k_registrations;
}

Error unknown(const std::string& what, const std::string& word, const std::vector<std::string>& known) {
  Error error(ErrorCode::invalid_input, fmt::format("{} '{}' is not known", what, word));
  const auto near = nearest(word, known);
  error.hints.push_back(near.empty() ? fmt::format("known are: {}", fmt::join(known, ", "))
                                     : fmt::format("did you mean `{}`?", near));
  return error;
}

Result<> check_arguments(const SourceType& type, const Arguments& arguments) {
  auto known = type.required;
  known.insert(known.end(), type.optional.begin(), type.optional.end());
  for (const auto& [name, value] : arguments) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return unknown(fmt::format("the argument of certificate.{}", type.type), name, known);
    }
  }
  for (const auto& name : type.required) {
    const auto found = arguments.find(name);
    if (found != arguments.end() && !found->second.empty()) continue;
    return Error(ErrorCode::invalid_input, fmt::format("certificate.{} needs the argument `{}`", type.type, name));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<CertificateSource>> make_source(const Locator& locator, const Surroundings& surroundings) {
  std::vector<std::string> types;
  for (const auto& registration : registrations()) {
    types.push_back(registration.type.type);
    if (registration.type.type != locator.type) continue;
    TRY(check_arguments(registration.type, locator.arguments));
    return registration.make(locator.arguments, surroundings);
  }
  return unknown("the certificate source", locator.type, types);
}

std::vector<SourceType> source_types() {
  std::vector<SourceType> types;
  for (const auto& registration : registrations()) types.push_back(registration.type);
  return types;
}

}  // namespace trunkform::sources
