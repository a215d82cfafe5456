#include "providers/issuers/step_ca/token.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/jws.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/codec/base64.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::issuers::step_ca {
namespace {

using cloud::json_escaped;
using cloud::secret_base64url;

constexpr auto k_good_for = std::chrono::minutes(5);

std::int64_t seconds_of(Instant at) { return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count(); }

std::string thumbprint_of(const x509::JwsKey& key) {
  const auto digest = sha256(key.jwk);
  return std::string(
      secret_base64url({reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()}).view());
}

Result<std::string> header_of(const SecretBuffer& key, const Provisioner& provisioner, Instant now) {
  const auto facts = TRY(x509::jws_key_of(key));
  if (provisioner.certificate_pem.empty())
    return fmt::format(R"({{"alg":"{}","kid":"{}","typ":"JWT"}})", facts.algorithm,
                       json_escaped(TRY(key_id_of(key, provisioner))));
  const auto certificates = TRY(check_certificate(key, provisioner, now));
  std::string list;  // RFC 7515 §4.1.6
  for (const auto& one : certificates) list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", encode_base64(one.der));
  return fmt::format(R"({{"alg":"{}","typ":"JWT","x5c":[{}]}})", facts.algorithm, list);
}

std::string payload_of(const Provisioner& provisioner, const Claims& claims, Instant now, Random& random) {
  std::string names;
  for (const auto& name : claims.names) names += fmt::format("{}\"{}\"", names.empty() ? "" : ",", json_escaped(name));
  return fmt::format(R"({{"iss":"{}","aud":"{}","sub":"{}"{},"jti":"{}","nbf":{},"iat":{},"exp":{}}})",
                     json_escaped(provisioner.name), json_escaped(claims.audience), json_escaped(claims.subject),
                     names.empty() ? std::string() : fmt::format(R"(,"sans":[{}])", names), random.uuid(),
                     seconds_of(now), seconds_of(now), seconds_of(now + k_good_for));
}

}  // namespace

Result<std::string> key_id_of(const SecretBuffer& key, const Provisioner& provisioner) {
  if (!provisioner.key_id.empty()) return provisioner.key_id;
  return thumbprint_of(TRY(x509::jws_key_of(key)));
}

Result<x509::Certificates> check_certificate(const SecretBuffer& key, const Provisioner& provisioner, Instant now) {
  auto certificates = TRY(x509::parse_certificates(provisioner.certificate_pem));
  const auto& facts = *certificates.front().facts;
  if (!x509::matches(x509::inspect_key(key), facts))
    return Error(ErrorCode::invalid_input, "`key` is not that of the first certificate in `certificate`",
                 fmt::format("which is that of {}", cloud::quoted(facts.subject)))
        .hint("the file has the certificate of the key first, then what leads to the provisioner's root");
  if (facts.not_after <= now)
    return Error(ErrorCode::denied, "the certificate that the provisioner knows us by has ended",
                 fmt::format("that of {} ended {}", cloud::quoted(facts.subject), to_rfc3339(facts.not_after)))
        .hint("renew it: step ca renew CERTIFICATE KEY");
  return certificates;
}

Result<SecretBuffer> token_of(const SecretBuffer& key, const Provisioner& provisioner, const Claims& claims,
                              Instant now, Random& random) {
  const auto header = TRY(header_of(key, provisioner, now));
  const auto payload = payload_of(provisioner, claims, now, random);
  const auto text = cloud::joined({secret_base64url(header).view(), ".", secret_base64url(payload).view()});
  const auto signature = TRY(x509::sign_jws(key, text.view()));
  return cloud::joined({text.view(), ".", secret_base64url(signature).view()});
}

std::string decimal_of(std::string_view hex) {
  std::string digits = "0";  // the last comes first
  for (const char digit : hex) {
    const bool is_number = digit >= '0' && digit <= '9';
    int carry = is_number ? digit - '0' : (digit | 0x20) - 'a' + 10;
    for (auto& place : digits) {
      const int value = (place - '0') * 16 + carry;
      place = static_cast<char>('0' + value % 10);
      carry = value / 10;
    }
    for (; carry > 0; carry /= 10) digits += static_cast<char>('0' + carry % 10);
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace trunkform::issuers::step_ca
