#include "providers/sources/azure_keyvault_certificate/source.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/sources/offered_text.hpp"
#include "providers/x509/certificates.hpp"

namespace trunkform::sources {

using cloud::SecretJson;

/// One version of the public part.
struct AzureKeyVaultCertificateSource::Seen {
  std::string leaf_pem;
  std::string secret_version;
  VersionId version;
  std::optional<Instant> created;
  bool exportable = true;
};

namespace {

Result<std::string> leaf_of(SecretJson& json, const std::string& shown) {
  const auto der = json.text({"cer"}).value_or("");
  auto certificates = x509::parse_certificates("-----BEGIN CERTIFICATE-----\n" + der + "\n-----END CERTIFICATE-----\n");
  if (!certificates)
    return Error(ErrorCode::protocol, fmt::format("the answer for the certificate {} has none that can be read", shown))
        .because(std::move(certificates.error()));
  return x509::to_pem(*certificates);
}

bool holds(const std::string& certificates_pem, const std::string& leaf_pem) {
  const auto all = x509::parse_certificates(certificates_pem);
  const auto leaf = x509::parse_certificates(leaf_pem);
  return all && leaf && std::any_of(all->begin(), all->end(), [&](const auto& one) {
           return one.facts->fingerprint == leaf->front().facts->fingerprint;
         });
}

Error not_exportable(const std::string& shown) {
  return Error(ErrorCode::invalid_input,
               fmt::format("the private key of the certificate {} may not leave the vault", shown),
               "its policy says that it is not exportable")
      .hint("let the vault make a new version by a policy with \"exportable\": true (az keyvault certificate create)");
}

}  // namespace

Result<AzureKeyVaultCertificateSource::Seen> AzureKeyVaultCertificateSource::read(
    const Context& context, const std::optional<std::string>& version) {
  auto path = "certificates/" + cloud::percent_encoded(m_place.name);
  if (version) path += "/" + cloud::percent_encoded(*version);
  const auto answer = TRY(m_client.read(context, m_place.vault, path));
  SecretJson json(answer.secret_body);
  Seen seen;
  seen.version = {cloud::azure::version_in(json.text({"id"}).value_or(""))};
  if (seen.version.value.empty() || (version && seen.version.value != *version))
    return Error(ErrorCode::protocol,
                 fmt::format("the answer for the certificate {} has another version or none", m_secret.shown()));
  TRY(check_usable(attributes_in(json), m_client.now(), fmt::format("the certificate {}", m_secret.shown())));
  seen.leaf_pem = TRY(leaf_of(json, m_secret.shown()));
  seen.created = epoch_time_at(json, {"attributes", "created"});
  seen.exportable = json.flag({"policy", "key_props", "exportable"}).value_or(true);
  // Where a token goes is not the answer's to say: of the id only the version counts, and only of this very secret.
  const auto sid = json.text({"sid"}).value_or("");
  const auto expected = fmt::format("{}/secrets/{}/", m_place.vault.address, m_place.name);
  seen.secret_version = cloud::azure::version_in(sid);
  if (seen.secret_version.empty() || !sid.starts_with(expected))
    return Error(ErrorCode::protocol,
                 fmt::format("the secret of the certificate {} is said to be {}", m_secret.shown(), cloud::quoted(sid)),
                 fmt::format("expected is {}VERSION", expected));
  return seen;
}

Result<KeyVaultSecret::Seen> AzureKeyVaultCertificateSource::secret_of(const Context& context,
                                                                       const Seen& certificate) {
  auto secret = TRY(m_secret.read(context, certificate.secret_version));
  if (!holds(TRY(m_secret.certificates(secret)), certificate.leaf_pem))
    return Error(
               ErrorCode::conflict,
               fmt::format("certificate and secret {} are of two different certificates", m_secret.shown()),
               "the vault keeps both together; somebody wrote the secret past the certificate, or it was just renewed")
        .hint("try again; where it stays so, import the certificate anew: az keyvault certificate import");
  return secret;
}

Result<Described> AzureKeyVaultCertificateSource::describe(const Context& context, const std::optional<VersionId>& pin,
                                                           const std::optional<VersionId>& known) {
  const auto wanted = pin ? std::optional(pin->value) : m_place.version;
  Described described;
  if (known && !wanted && is_newest(TRY(versions(context)), *known)) {
    described.version = *known;
    described.unchanged = true;
    return described;
  }
  const auto seen = TRY(read(context, wanted));
  described.version = seen.version;
  described.since = seen.created;
  if (!seen.exportable) described.no_key = not_exportable(m_secret.shown());
  described.certificates_pem = m_place.chain.empty()
                                   ? TRY(m_secret.certificates(TRY(secret_of(context, seen))))
                                   : seen.leaf_pem + TRY(read_chain_text(m_files, m_place.chain)).certificates_pem;
  return described;
}

Result<std::vector<SourceVersion>> AzureKeyVaultCertificateSource::versions(const Context& context) {
  return m_secret.versions(context, "certificates");
}

Result<FetchedPair> AzureKeyVaultCertificateSource::fetch(const Context& context, const VersionId& version) {
  const auto seen = TRY(read(context, version.value));
  if (!seen.exportable) return not_exportable(m_secret.shown());
  auto fetched = TRY(m_secret.pair(TRY(secret_of(context, seen))));
  if (!m_place.chain.empty())
    fetched.certificates_pem = seen.leaf_pem + TRY(read_chain_text(m_files, m_place.chain)).certificates_pem;
  return fetched;
}

}  // namespace trunkform::sources
