#include "providers/cloud/azure/assertion.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/pkcs12_content.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::cloud::azure {
namespace {

struct Signer {
  x509::Certificate certificate;
  SecretBuffer key;  ///< PKCS #8 in PEM
};

Error unfit(Error error) {
  error.summary = "the client certificate of Azure cannot be used: " + error.summary;
  return error;
}

Result<Signer> signer_in(const SecretBuffer& file, const SecretBuffer& passphrase) {
  std::string certificates;
  SecretBuffer key;
  if (x509::is_pkcs12(file)) {
    auto content = TRY(x509::open_pkcs12(file, passphrase));
    certificates = std::move(content.certificates_pem);
    key = std::move(content.private_key);
  } else {
    certificates = TRY(x509::certificates_in(file));
    key = TRY(x509::to_pkcs8(TRY(x509::key_in(file)), passphrase));
  }
  const auto facts = x509::inspect_key(key);
  const auto given = TRY(x509::parse_certificates(certificates));
  const auto own =
      std::find_if(given.begin(), given.end(), [&](const auto& one) { return x509::matches(facts, *one.facts); });
  if (own == given.end())
    return Error(ErrorCode::invalid_input, "its key belongs to none of its certificates")
        .hint("the file has the certificate that the application knows, and the key of it");
  return Signer{*own, std::move(key)};
}

Result<Signer> signer_of(const ClientCertificate& identity) {
  const auto file = TRY(identity.file());
  const auto passphrase = identity.passphrase ? TRY(identity.passphrase()) : SecretBuffer();
  auto signer = signer_in(file, passphrase);
  if (!signer) return unfit(std::move(signer.error()));
  return signer;
}

}  // namespace

Result<CertificatePtr> certificate_of(const ClientCertificate& identity) {
  return TRY(signer_of(identity)).certificate.facts;
}

Result<SecretBuffer> assertion_of(const ClientCertificate& identity, const std::string& endpoint, Instant now,
                                  Random& random) {
  const auto signer = TRY(signer_of(identity));
  const auto& fingerprint = signer.certificate.facts->fingerprint;
  const auto thumbprint =
      secret_base64url({reinterpret_cast<const char*>(fingerprint.bytes.data()), fingerprint.bytes.size()});
  const auto header = fmt::format(R"({{"alg":"PS256","typ":"JWT","x5t#S256":"{}"}})", thumbprint.view());
  constexpr auto k_good_for = std::chrono::minutes(10);
  const auto seconds = [](Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
  };
  const auto client = json_escaped(identity.application.client);
  const auto claims = fmt::format(R"({{"aud":"{}","iss":"{}","sub":"{}","jti":"{}","nbf":{},"iat":{},"exp":{}}})",
                                  json_escaped(endpoint), client, client, random.uuid(), seconds(now), seconds(now),
                                  seconds(now + k_good_for));
  const auto text = joined({secret_base64url(header).view(), ".", secret_base64url(claims).view()});
  auto signature = x509::sign_ps256(signer.key, text.view());
  if (!signature) return unfit(std::move(signature.error()));
  return joined({text.view(), ".", secret_base64url(signature->view()).view()});
}

}  // namespace trunkform::cloud::azure
