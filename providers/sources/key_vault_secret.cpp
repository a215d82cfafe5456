#include "providers/sources/key_vault_secret.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/sources/offered_text.hpp"
#include "providers/x509/pkcs12_content.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::sources {
namespace {

using cloud::SecretJson;

constexpr std::string_view k_pem_type = "application/x-pem-file";
constexpr std::string_view k_pkcs12_type = "application/x-pkcs12";

bool is_pem(const SecretBuffer& value) { return value.view().find("-----BEGIN ") != std::string_view::npos; }

Error not_what_it_says(const std::string& shown, std::string_view type) {
  return Error(ErrorCode::invalid_input,
               fmt::format("the secret {} is no {}, which its content type says it is", shown, type))
      .hint(
          "write the value again with what it is: az keyvault secret set --file FILE --encoding utf-8 "
          "--content-type application/x-pem-file");
}

}  // namespace

std::optional<Instant> epoch_time_at(SecretJson& json, SecretJson::Path path) {
  const auto seconds = json.number(path);
  return seconds ? std::optional(Instant(std::chrono::seconds(*seconds))) : std::nullopt;
}

KeyVaultAttributes attributes_in(SecretJson& json) {
  return {json.flag({"attributes", "enabled"}).value_or(true), epoch_time_at(json, {"attributes", "nbf"}),
          epoch_time_at(json, {"attributes", "exp"})};
}

Result<> check_usable(const KeyVaultAttributes& attributes, Instant now, const std::string& what) {
  const auto unusable = [&](std::string why) {
    return Error(ErrorCode::not_found, fmt::format("{} {}", what, why))
        .hint("write a new version, or change its attributes: az keyvault secret set-attributes")
        .hint("or pin an earlier version: \"version\"");
  };
  if (!attributes.enabled) return unusable("is disabled");
  if (attributes.expires && *attributes.expires <= now)
    return unusable(fmt::format("ended on {}", to_rfc3339(*attributes.expires)));
  if (attributes.not_before && *attributes.not_before > now)
    return unusable(fmt::format("is not to be used before {}", to_rfc3339(*attributes.not_before)));
  return {};
}

bool is_newest(const std::vector<SourceVersion>& versions, const VersionId& version) {
  // Times are whole seconds: of two versions of one second nobody knows which came last.
  if (versions.size() > 1 && versions[0].created == versions[1].created) return false;
  return !versions.empty() && versions.front().id == version && versions.front().status == VersionStatus::usable;
}

std::string KeyVaultSecret::shown() const { return cloud::quoted(fmt::format("{} in {}", m_name, m_vault.host)); }

Result<KeyVaultSecret::Seen> KeyVaultSecret::read(const Context& context, const std::optional<std::string>& version) {
  auto path = "secrets/" + cloud::percent_encoded(m_name);
  if (version) path += "/" + cloud::percent_encoded(*version);
  const auto answer = TRY(m_client.read(context, m_vault, path));
  SecretJson json(answer.secret_body);
  Seen seen;
  seen.version = {cloud::azure::version_in(json.text({"id"}).value_or(""))};
  if (seen.version.value.empty() || (version && seen.version.value != *version))
    return Error(ErrorCode::protocol, fmt::format("the answer for the secret {} has another version or none", shown()));
  TRY(check_usable(attributes_in(json), m_client.now(), fmt::format("the secret {}", shown())));
  auto value = json.secret({"value"});
  if (!value) return Error(ErrorCode::protocol, fmt::format("the answer for the secret {} has no value", shown()));
  seen.value = std::move(*value);
  seen.content_type = json.text({"contentType"}).value_or("");
  seen.created = epoch_time_at(json, {"attributes", "created"});
  return seen;
}

/// Who writes a secret by hand gives no content type, or words of their own: then the value says what it is.
Result<KeyVaultSecret::Form> KeyVaultSecret::form_of(const Seen& seen) const {
  const bool pem = is_pem(seen.value);
  if (seen.content_type == k_pem_type && !pem) return not_what_it_says(shown(), "PEM");
  if (seen.content_type == k_pkcs12_type && !x509::is_pkcs12(seen.value)) return not_what_it_says(shown(), "PKCS #12");
  if (pem) return Form::pem;
  if (x509::is_pkcs12(seen.value)) return Form::pkcs12;
  return Error(ErrorCode::invalid_input, fmt::format("the secret {} holds no certificate", shown()),
               seen.content_type.empty()
                   ? "it is neither PEM nor PKCS #12 in base64"
                   : fmt::format("it is neither PEM nor PKCS #12 in base64; its content type is {}",
                                 cloud::quoted(seen.content_type, 64)))
      .hint("see whether `name` names the right secret; it holds the key and the chain, in one text");
}

Result<std::string> KeyVaultSecret::certificates(const Seen& seen) const {
  if (TRY(form_of(seen)) == Form::pem)
    return TRY(chain_text_in(seen.value, fmt::format("the secret {}", shown()))).certificates_pem;
  return x509::certificates_in_pkcs12(seen.value, SecretBuffer());
}

Result<FetchedPair> KeyVaultSecret::pair(const Seen& seen) const {
  FetchedPair fetched;
  if (TRY(form_of(seen)) == Form::pem) {
    fetched.certificates_pem = TRY(certificates(seen));
    fetched.private_key = TRY(x509::key_in(seen.value));
    return fetched;
  }
  auto content = TRY(x509::open_pkcs12(seen.value, SecretBuffer()));
  if (content.private_key.empty())
    return Error(ErrorCode::invalid_input, fmt::format("the secret {} has no private key", shown()))
        .hint("import the certificate with its key, or let the vault make one that may be exported");
  fetched.certificates_pem = std::move(content.certificates_pem);
  fetched.private_key = std::move(content.private_key);
  return fetched;
}

Result<std::vector<SourceVersion>> KeyVaultSecret::versions(const Context& context, const std::string& kind) {
  const auto items = TRY(m_client.versions(context, m_vault, kind + "/" + cloud::percent_encoded(m_name)));
  std::vector<SourceVersion> versions;
  for (const auto& item : items) {
    SourceVersion version{{item.version}, item.created};
    if (!check_usable({item.enabled, item.not_before, item.expires}, m_client.now(), {}))
      version.status = VersionStatus::disabled;
    versions.push_back(std::move(version));
  }
  return versions;
}

}  // namespace trunkform::sources
