#include "providers/x509/facts.hpp"

#include <array>
#include <chrono>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "schemas/codec/digest.hpp"

namespace trunkform::x509::detail {
namespace {

struct FreeStack {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
  void operator()(EXTENDED_KEY_USAGE* usages) const noexcept { EXTENDED_KEY_USAGE_free(usages); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};

std::string hex_of(const unsigned char* bytes, int size) {
  std::string text;
  text.reserve(static_cast<std::size_t>(size) * 2);
  for (int i = 0; i < size; ++i) {
    static constexpr std::string_view k_digits = "0123456789abcdef";
    text += k_digits[bytes[i] >> 4U];
    text += k_digits[bytes[i] & 0xFU];
  }
  return text;
}

std::string hex_of(const ASN1_STRING* bytes) {
  return bytes == nullptr ? std::string() : hex_of(ASN1_STRING_get0_data(bytes), ASN1_STRING_length(bytes));
}

std::string bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string distinguished_name(const X509_NAME* name) {
  const std::unique_ptr<BIO, FreeStack> out(BIO_new(BIO_s_mem()));
  // RFC 4514 allows UTF-8 as it is, RFC 2253's flag would write it byte by byte.
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return size <= 0 ? std::string() : std::string(data, static_cast<std::size_t>(size));
}

std::string common_name(const X509_NAME* name) {
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return {};
  std::string text(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int size = ASN1_STRING_length(address);
  const int family = size == 4 ? AF_INET : AF_INET6;
  if (size != 4 && size != 16) return "0x" + hex_of(address);
  return ::inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size()) == nullptr ? "" : text.data();
}

AlternativeName alternative_name(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS:
      return {NameKind::dns, bytes_of(name.d.dNSName)};
    case GEN_URI:
      return {NameKind::uri, bytes_of(name.d.uniformResourceIdentifier)};
    case GEN_EMAIL:
      return {NameKind::email, bytes_of(name.d.rfc822Name)};
    case GEN_IPADD:
      return {NameKind::ip, address_text(name.d.iPAddress)};
    case GEN_DIRNAME:
      return {NameKind::directory, distinguished_name(name.d.directoryName)};
    default:
      return {NameKind::other, "a name of another kind"};
  }
}

std::vector<AlternativeName> alternative_names(X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeStack> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<AlternativeName> found;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    found.push_back(alternative_name(*sk_GENERAL_NAME_value(names.get(), i)));
  }
  return found;
}

std::string usage_name(const ASN1_OBJECT* usage) {
  switch (OBJ_obj2nid(usage)) {
    case NID_server_auth:
      return "serverAuth";
    case NID_client_auth:
      return "clientAuth";
    default:
      break;
  }
  std::array<char, 128> dotted{};
  OBJ_obj2txt(dotted.data(), static_cast<int>(dotted.size()), usage, 1);
  return dotted.data();
}

std::vector<std::string> extended_key_usage(X509* certificate) {
  const std::unique_ptr<EXTENDED_KEY_USAGE, FreeStack> usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  std::vector<std::string> found;
  for (int i = 0; usages && i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
    found.push_back(usage_name(sk_ASN1_OBJECT_value(usages.get(), i)));
  }
  return found;
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

PublicKeyFacts public_key_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  auto facts = key_facts_of(X509_get0_pubkey(certificate),
                            {reinterpret_cast<char*>(der), static_cast<std::size_t>(size < 0 ? 0 : size)});
  OPENSSL_free(der);
  return facts;
}

void add_signature(CertificateFacts& facts, X509* certificate) {
  const char* name = OBJ_nid2ln(X509_get_signature_nid(certificate));
  facts.signature_algorithm = name == nullptr ? "unknown" : name;
  int digest = NID_undef;
  if (X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) == 1 && digest != NID_undef) {
    facts.signature_digest = OBJ_nid2sn(digest);
  }
}

void add_extensions(CertificateFacts& facts, X509* certificate) {
  const auto flags = X509_get_extension_flags(certificate);
  facts.is_ca = (flags & EXFLAG_CA) != 0;
  facts.self_issued = (flags & EXFLAG_SI) != 0;
  if (const auto length = X509_get_pathlen(certificate); length >= 0) facts.path_length = static_cast<int>(length);
  facts.has_key_usage = (flags & EXFLAG_KUSAGE) != 0;
  if (facts.has_key_usage) {
    const auto usage = X509_get_key_usage(certificate);
    facts.key_usage_cert_sign = (usage & X509v3_KU_KEY_CERT_SIGN) != 0;
    facts.key_usage_digital_signature = (usage & X509v3_KU_DIGITAL_SIGNATURE) != 0;
  }
  facts.extended_key_usage = extended_key_usage(certificate);
  facts.names = alternative_names(certificate);
  facts.subject_key_id = hex_of(X509_get0_subject_key_id(certificate));
  facts.authority_key_id = hex_of(X509_get0_authority_key_id(certificate));
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

Result<CertificatePtr> facts_of(x509_st* certificate, const Fingerprint& fingerprint) {
  auto facts = std::make_shared<CertificateFacts>();
  facts->fingerprint = fingerprint;
  facts->subject = distinguished_name(X509_get_subject_name(certificate));
  facts->common_name = common_name(X509_get_subject_name(certificate));
  facts->issuer = distinguished_name(X509_get_issuer_name(certificate));
  const auto* serial = X509_get0_serialNumber(certificate);
  facts->serial = (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER ? "-" : "") + hex_of(serial);
  const auto begins = instant_of(X509_get0_notBefore(certificate));
  const auto ends = instant_of(X509_get0_notAfter(certificate));
  if (!begins || !ends) return Error(ErrorCode::invalid_input, "its validity has a date that does not exist");
  facts->not_before = *begins;
  facts->not_after = *ends;
  facts->version = static_cast<int>(X509_get_version(certificate)) + 1;
  facts->key = public_key_of(certificate);
  add_signature(*facts, certificate);
  add_extensions(*facts, certificate);
  return CertificatePtr(std::move(facts));
}

}  // namespace trunkform::x509::detail
