#include "providers/x509/facts.hpp"

#include <array>
#include <chrono>
#include <optional>

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "providers/x509/subject_key.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/host_name.hpp"

namespace trunkform::x509::detail {
namespace {

std::string hex_of(std::string_view bytes) {
  static constexpr std::string_view k_digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    text += k_digits[static_cast<unsigned char>(byte) >> 4U];
    text += k_digits[static_cast<unsigned char>(byte) & 0xFU];
  }
  return text;
}

AlternativeName alternative_name(const GeneralForm& name) {
  switch (name.kind) {
    case FormKind::dns:
      return {NameKind::dns, name.value};
    case FormKind::uri:
      return {NameKind::uri, name.value};
    case FormKind::email:
      return {NameKind::email, name.value};
    case FormKind::ip:
      return {NameKind::ip, address_text(name.value).value_or("0x" + hex_of(name.value))};
    case FormKind::directory:
      return {NameKind::directory, name.directory->text()};
    default:
      return {NameKind::other, "a name of another kind"};
  }
}

std::string usage_name(const std::string& dotted) {
  if (dotted == k_server_usage) return "serverAuth";
  return dotted == k_client_usage ? "clientAuth" : dotted;
}

std::optional<Instant> instant_of(const ASN1_TIME* time) {
  std::tm fields{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &fields) != 1) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(fields.tm_year + 1900),
                                         std::chrono::month(static_cast<unsigned>(fields.tm_mon) + 1),
                                         std::chrono::day(static_cast<unsigned>(fields.tm_mday)));
  if (!date.ok()) return std::nullopt;
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(fields.tm_hour) +
         std::chrono::minutes(fields.tm_min) + std::chrono::seconds(fields.tm_sec);
}

KeyAlgorithm algorithm_of(const EVP_PKEY* key) {
  switch (key == nullptr ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      return KeyAlgorithm::rsa;
    case EVP_PKEY_EC:
      return KeyAlgorithm::ec;
    case EVP_PKEY_ED25519:
      return KeyAlgorithm::ed25519;
    case EVP_PKEY_ED448:
      return KeyAlgorithm::ed448;
    case EVP_PKEY_DSA:
      return KeyAlgorithm::dsa;
    default:
      return KeyAlgorithm::other;
  }
}

std::string curve_of(const EVP_PKEY* key) {
  std::array<char, 80> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return "explicit parameters";
  const std::string_view curve(name.data(), size);
  if (curve == "prime256v1") return "P-256";
  if (curve == "secp384r1") return "P-384";
  if (curve == "secp521r1") return "P-521";
  return std::string(curve);
}

void add_signature(CertificateFacts& facts, X509* certificate) {
  const int algorithm = X509_get_signature_nid(certificate);
  const char* name = OBJ_nid2ln(algorithm);
  facts.signature_algorithm = name == nullptr ? "unknown" : name;
  int digest = NID_undef;
  // RSA-PSS has its digest among its parameters.
  if (OBJ_find_sigid_algs(algorithm, &digest, nullptr) != 1 || digest == NID_undef) {
    std::uint32_t flags = 0;
    X509_get_signature_info(certificate, &digest, nullptr, nullptr, &flags);
    // RFC 8446 §4.2.3 knows one digest for both, and a salt of its length: peers refuse others.
    if (algorithm == NID_rsassaPss && (flags & X509_SIG_INFO_TLS) == 0)
      facts.signature_algorithm += " with parameters that TLS does not have";
  }
  if (digest != NID_undef) facts.signature_digest = OBJ_nid2sn(digest);
}

void add_extensions(CertificateFacts& facts, const Reading& reading) {
  facts.is_ca = reading.is_authority();
  facts.self_issued = reading.self_issued;
  if (reading.basic_constraints && !reading.basic_constraints->path_length_negative)
    facts.path_length = reading.basic_constraints->path_length;
  facts.has_key_usage = reading.key_usage.has_value();
  facts.key_usage_cert_sign = reading.key_usage && reading.key_usage->cert_sign;
  facts.key_usage_digital_signature = reading.key_usage && reading.key_usage->digital_signature;
  if (reading.usages)
    for (const auto& usage : reading.usages->dotted) facts.extended_key_usage.push_back(usage_name(usage));
  if (reading.names)
    for (const auto& name : reading.names->names) facts.names.push_back(alternative_name(name));
  if (reading.subject_key) facts.subject_key_id = hex_of(reading.subject_key->key);
  if (reading.authority_key && reading.authority_key->key) facts.authority_key_id = hex_of(*reading.authority_key->key);
}

}  // namespace

PublicKeyFacts key_facts_of(evp_pkey_st* key, std::string_view spki_der) {
  PublicKeyFacts facts;
  facts.algorithm = algorithm_of(key);
  facts.spki = sha256(spki_der);
  if (key == nullptr) return facts;
  facts.bits = EVP_PKEY_get_bits(key);
  if (facts.algorithm == KeyAlgorithm::ec) facts.curve = curve_of(key);
  return facts;
}

Result<CertificatePtr> facts_of(const Parsed& parsed, const Fingerprint& fingerprint) {
  auto* certificate = parsed.handle();
  const auto& reading = parsed.reading();
  auto facts = std::make_shared<CertificateFacts>();
  facts->fingerprint = fingerprint;
  facts->subject = reading.subject.text();
  const auto common_names = reading.subject.values_of(NID_commonName);
  if (!common_names.empty()) facts->common_name = common_names.front();
  facts->issuer = reading.issuer.text();
  facts->serial = (reading.serial_negative ? "-" : "") + hex_of(reading.serial);
  const auto begins = instant_of(X509_get0_notBefore(certificate));
  const auto ends = instant_of(X509_get0_notAfter(certificate));
  if (!begins || !ends) return Error(ErrorCode::invalid_input, "its validity has a date that does not exist");
  facts->not_before = *begins;
  facts->not_after = *ends;
  facts->version = static_cast<int>(reading.version);
  facts->key = key_facts_of(X509_get_X509_PUBKEY(certificate));
  add_signature(*facts, certificate);
  add_extensions(*facts, reading);
  return CertificatePtr(std::move(facts));
}

}  // namespace trunkform::x509::detail
