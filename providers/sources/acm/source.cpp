#include "providers/sources/acm/source.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/aws/places.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/sources/offered_text.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::sources {
namespace {

using cloud::SecretJson;
using cloud::aws::json_of;

const cloud::aws::Service k_acm{"acm", "CertificateManager"};

/// Without `Includes` only RSA of 1024 and 2048 bits is listed.
constexpr std::string_view k_wanted =
    R"({"CertificateStatuses":["ISSUED"],"Includes":{"keyTypes":["RSA_1024","RSA_2048","RSA_3072","RSA_4096",)"
    R"("EC_prime256v1","EC_secp384r1","EC_secp521r1"]}})";

/// Letters and digits: ACM takes 4 to 128 characters without `#`, `$` and `%`.
SecretBuffer new_passphrase(Random& random) {
  constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  SecretBuffer passphrase(64);
  std::generate_n(passphrase.data(), passphrase.size(), [&] { return k_letters[random.below(k_letters.size())]; });
  return passphrase;
}

/// What keeps a certificate of this status from being used.
std::string why_not_issued(const std::string& status) {
  if (status == "PENDING_VALIDATION") return "its domain is not validated yet";
  if (status == "VALIDATION_TIMED_OUT") return "its domain was not validated within three days";
  if (status == "REVOKED") return "it was revoked";
  if (status == "EXPIRED") return "it has expired";
  if (status == "INACTIVE") return "it is not active";
  return "it was not issued";
}

std::optional<Error> why_no_export(SecretJson& details, const std::string& shown) {
  const auto type = details.text({"Certificate", "Type"}).value_or("");
  const auto domain = details.text({"Certificate", "DomainName"}).value_or("DOMAIN");
  if (type == "IMPORTED")
    return Error(ErrorCode::invalid_input, fmt::format("ACM does not give the key of {} back", shown),
                 "the certificate was imported into ACM, and what was imported cannot be exported")
        .hint("take it from where it was imported from: pem_files, aws_secretsmanager, vault_kv");
  if (type == "AMAZON_ISSUED" && details.text({"Certificate", "Options", "Export"}) != "ENABLED")
    return Error(ErrorCode::invalid_input, fmt::format("ACM does not give the key of {} out", shown),
                 "it was requested without export, which cannot be switched on afterwards, nor for public certificates "
                 "issued before 2025-06-17")
        .hint(fmt::format("request another one: aws acm request-certificate --domain-name {} --validation-method DNS "
                          "--options Export=ENABLED",
                          shell_word(domain)));
  return std::nullopt;
}

bool has_name(SecretJson& summary, const std::string& domain) {
  const auto names = summary.texts({"SubjectAlternativeNameSummaries"});
  return summary.text({"DomainName"}) == domain || std::find(names.begin(), names.end(), domain) != names.end();
}

/// The leaf, and behind it what ACM calls the chain, which does not have the leaf.
std::string pem_of(SecretJson& answer) {
  auto pem = answer.text({"Certificate"}).value_or("");
  if (!pem.empty() && pem.back() != '\n') pem += '\n';
  pem += answer.text({"CertificateChain"}).value_or("");
  return pem;
}

}  // namespace

std::string AcmSource::shown() const { return cloud::quoted(m_place.arn.empty() ? m_place.domain : m_place.arn); }

Error AcmSource::no_such_version() const {
  return Error(ErrorCode::not_found, fmt::format("ACM has another certificate under {} now", shown()),
               "ACM keeps one certificate under an ARN, the newest: what it had before a renewal it gives nobody any "
               "more")
      .hint("review a new plan: trunkform plan -out=new.trunkplan");
}

Result<SecretJson> AcmSource::call(const Context& context, const std::string& operation, const SecretBuffer& body) {
  // What a domain led to is in the list of our own account: only an ARN of the configuration is somebody's word.
  auto answer = m_client.call(context, k_acm, operation, body, m_place.arn);
  if (answer) return SecretJson(*answer);
  auto error = std::move(answer.error());
  if (error.code == ErrorCode::not_found)
    error.hints.emplace_back("check certificate_arn, its region and account: aws acm list-certificates");
  return error;
}

Result<std::string> AcmSource::arn(const Context& context) {
  if (!m_place.arn.empty()) return m_place.arn;
  const std::scoped_lock lock(m_mutex);
  if (m_found.empty()) m_found = TRY(find(context));
  return m_found;
}

Result<std::string> AcmSource::find(const Context& context) {
  std::vector<std::string> matching;
  TRY(m_client.each_page(context, k_acm, "ListCertificates", SecretBuffer::copy_of(k_wanted), {},
                         [&](SecretJson& page) -> Result<> {
                           auto items = page.items({"CertificateSummaryList"});
                           if (!items)
                             return Error(ErrorCode::protocol, "ACM's list of certificates was not understood");
                           for (auto& item : *items) {
                             auto found = item.text({"CertificateArn"});
                             if (found && has_name(item, m_place.domain)) matching.push_back(std::move(*found));
                           }
                           return {};
                         }));
  if (matching.size() == 1) return matching.front();
  if (matching.empty())
    return Error(ErrorCode::not_found, fmt::format("ACM has no issued certificate for {}", shown()))
        .hint("look in this region and account: aws acm list-certificates --includes keyTypes=RSA_2048,EC_prime256v1");
  return Error(ErrorCode::invalid_input, fmt::format("ACM has {} issued certificates for {}", matching.size(), shown()),
               fmt::format("{}", fmt::join(matching, ", ")))
      .hint("write the ARN of the one that is meant: certificate_arn");
}

Result<SecretJson> AcmSource::details(const Context& context, const std::string& arn) {
  auto json = TRY(call(context, "DescribeCertificate", json_of({{"CertificateArn", arn}})));
  const auto status = json.text({"Certificate", "Status"});
  if (!status) return Error(ErrorCode::protocol, fmt::format("ACM's description of {} was not understood", shown()));
  if (*status == "ISSUED") return json;
  auto why = why_not_issued(*status);
  if (const auto reason = json.text({"Certificate", "FailureReason"})) why += ": " + cloud::quoted(*reason);
  return Error(ErrorCode::not_found, fmt::format("ACM has no usable certificate under {}", shown()),
               fmt::format("its status is {}: {}", cloud::quoted(*status), why))
      .hint(fmt::format("see what it waits for: aws acm describe-certificate --certificate-arn {}", shell_word(arn)));
}

Result<Described> AcmSource::describe(const Context& context, const std::optional<VersionId>& pin,
                                      const std::optional<VersionId>& known) {
  const auto where = TRY(arn(context));
  auto metadata = TRY(details(context, where));
  auto json = TRY(call(context, "GetCertificate", json_of({{"CertificateArn", where}})));
  Described described;
  described.certificates_pem = pem_of(json);
  described.version = {certificates_digest(described.certificates_pem)};
  if (pin && described.version != *pin) return no_such_version();
  if (known && described.version == *known) {
    described.certificates_pem.clear();
    described.unchanged = true;
    return described;
  }
  described.since = metadata.time({"Certificate", "RenewalSummary", "UpdatedAt"});
  if (!described.since) described.since = metadata.time({"Certificate", "IssuedAt"});
  described.no_key = why_no_export(metadata, shown());
  return described;
}

Result<std::vector<SourceVersion>> AcmSource::versions(const Context& context) {
  const auto described = TRY(describe(context, {}, {}));
  return std::vector{SourceVersion{described.version, described.since}};
}

Result<FetchedPair> AcmSource::fetch(const Context& context, const VersionId& version) {
  const auto where = TRY(arn(context));
  auto metadata = TRY(details(context, where));
  if (auto error = why_no_export(metadata, shown())) return std::move(*error);
  const auto passphrase = new_passphrase(m_client.random());
  const auto encoded = cloud::secret_base64(passphrase.view());
  auto json =
      TRY(call(context, "ExportCertificate", json_of({{"CertificateArn", where}, {"Passphrase", encoded.view()}})));
  FetchedPair fetched;
  fetched.certificates_pem = pem_of(json);
  if (certificates_digest(fetched.certificates_pem) != version.value) return no_such_version();
  const auto key = json.secret({"PrivateKey"});
  if (!key) return Error(ErrorCode::protocol, fmt::format("ACM exported {} without a key", shown()));
  fetched.private_key = TRY(x509::to_pkcs8(*key, passphrase));
  return fetched;
}

}  // namespace trunkform::sources
