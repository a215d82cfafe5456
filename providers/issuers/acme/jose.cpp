#include "providers/issuers/acme/jose.hpp"

#include "providers/cloud/secret_base64.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/hmac.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::issuers::acme {
namespace {

std::string octets_of(const Fingerprint& digest) { return {digest.bytes.begin(), digest.bytes.end()}; }

std::string flattened(const std::string& header, const std::string& payload, std::string_view signature) {
  codec::JsonWriter writer;
  writer.begin_object();
  writer.member("protected", header);
  writer.member("payload", payload);
  writer.member("signature", base64url(signature));
  writer.end_object();
  return writer.take();
}

}  // namespace

std::string base64url(std::string_view bytes) { return std::string(cloud::secret_base64url(bytes).view()); }

std::string thumbprint(const std::string& jwk) { return base64url(octets_of(sha256(jwk))); }

Result<AccountKey> account_key_of(SecretBuffer pem) {
  auto facts = TRY(x509::jws_key_of(pem));
  return AccountKey{std::move(pem), std::move(facts)};
}

Result<std::string> signed_body(const AccountKey& key, const Header& header, std::string_view payload) {
  codec::JsonWriter writer;
  writer.begin_object();
  writer.member("alg", key.facts.algorithm);
  if (header.kid.empty()) {
    writer.key("jwk");
    writer.raw(key.facts.jwk);
  } else {
    writer.member("kid", header.kid);
  }
  writer.member_unless_empty("nonce", header.nonce);
  writer.member("url", header.url);
  writer.end_object();
  const auto protected_part = base64url(writer.take());
  const auto payload_part = base64url(payload);
  const auto signature = TRY(x509::sign_jws(key.pem, protected_part + "." + payload_part));
  return flattened(protected_part, payload_part, signature);
}

std::string binding_body(const SecretBuffer& code, const std::string& key_id, const std::string& url,
                         const std::string& jwk) {
  codec::JsonWriter writer;
  writer.begin_object();
  writer.member("alg", "HS256");
  writer.member("kid", key_id);
  writer.member("url", url);
  writer.end_object();
  const auto protected_part = base64url(writer.take());
  const auto payload_part = base64url(jwk);
  return flattened(protected_part, payload_part, octets_of(hmac_sha256(code, protected_part + "." + payload_part)));
}

}  // namespace trunkform::issuers::acme
