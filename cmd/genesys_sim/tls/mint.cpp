#include "cmd/genesys_sim/tls/mint.hpp"

#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace trunkform::sim {
namespace mint_detail {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Configuration = std::unique_ptr<CONF, Freer<NCONF_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free>>;

/// Thrown in this file only and turned into an Error by `mint`.
struct MintFailure {
  std::string what;
};

void need(bool held, const char* what) {
  if (held) return;
  const auto code = ERR_get_error();
  ERR_clear_error();
  throw MintFailure{fmt::format("{}: {}", what, code == 0 ? "no reason given" : ERR_reason_error_string(code))};
}

struct Issuer {
  X509* certificate = nullptr;  ///< null: self-signed
  EVP_PKEY* key = nullptr;
};

struct Blueprint {
  std::string common_name;
  Instant not_before{}, not_after{};
  bool authority = true;
  std::string names;  ///< of a leaf, OpenSSL's notation
};

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Configuration none(NCONF_new(nullptr));  // policies are refused without one, even an empty one
  X509V3_set_nconf(&context, none.get());
  X509_EXTENSION* extension = X509V3_EXT_nconf_nid(none.get(), &context, nid, value.c_str());
  need(extension != nullptr, "extension");
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  need(added, "extension");
}

void name(X509* certificate, const std::string& common_name) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto add = [subject](const char* field, const std::string& value) {
    need(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                                    static_cast<int>(value.size()), -1, 0) == 1,
         "subject");
  };
  add("C", "US");
  add("O", "Simulated Trust Services");
  add("CN", common_name);
}

void number(X509* certificate) {
  std::array<unsigned char, 16> serial{};
  need(RAND_bytes(serial.data(), serial.size()) == 1, "serial");
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3f) | 0x40);  // positive, of full length (RFC 5280 §4.1.2.2)
  BIGNUM* value = BN_bin2bn(serial.data(), serial.size(), nullptr);
  const bool set = value != nullptr && BN_to_ASN1_INTEGER(value, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(value);
  need(set, "serial");
}

void set_time(ASN1_TIME* field, Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  need(ASN1_TIME_set(field, static_cast<time_t>(seconds)) != nullptr, "time");
}

void add_extensions(X509* certificate, X509* issuer, const Blueprint& blueprint) {
  constexpr const char* k_site = "http://pki.simulated-trust-services.example";
  extend(certificate, issuer, NID_basic_constraints, blueprint.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend(certificate, issuer, NID_key_usage,
         blueprint.authority ? "critical,keyCertSign,cRLSign,digitalSignature" : "critical,digitalSignature");
  extend(certificate, issuer, NID_subject_key_identifier, "hash");
  if (issuer == certificate) return;
  extend(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  extend(certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  extend(certificate, issuer, NID_info_access,
         fmt::format("OCSP;URI:http://ocsp.simulated-trust-services.example/{0},caIssuers;URI:{1}/issuers/{0}.cer",
                     "tls-issuing-authority-2026", k_site));
  extend(certificate, issuer, NID_crl_distribution_points,
         fmt::format("URI:{0}/crl/tls-issuing-authority-2026-part-0001.crl,URI:{0}/crl/backup/part-0001.crl", k_site));
  extend(certificate, issuer, NID_certificate_policies, "2.23.140.1.2.1,1.3.6.1.4.1.5923.1.4.3.1.1,2.23.140.1.2.2");
  if (!blueprint.names.empty()) extend(certificate, issuer, NID_subject_alt_name, blueprint.names);
}

Certificate certify(const Blueprint& blueprint, EVP_PKEY* key, const Issuer& issuer) {
  Certificate certificate(X509_new());
  need(certificate != nullptr && X509_set_version(certificate.get(), 2) == 1, "certificate");
  number(certificate.get());
  name(certificate.get(), blueprint.common_name);
  set_time(X509_getm_notBefore(certificate.get()), blueprint.not_before);
  set_time(X509_getm_notAfter(certificate.get()), blueprint.not_after);
  X509* parent = issuer.certificate == nullptr ? certificate.get() : issuer.certificate;
  need(X509_set_issuer_name(certificate.get(), X509_get_subject_name(parent)) == 1, "issuer");
  need(X509_set_pubkey(certificate.get(), key) == 1, "public key");
  add_extensions(certificate.get(), parent, blueprint);
  need(X509_sign(certificate.get(), issuer.key == nullptr ? key : issuer.key, EVP_sha256()) > 0, "signature");
  return certificate;
}

PrivateKey new_key() {
  PrivateKey key(EVP_EC_gen("P-256"));
  need(key != nullptr, "key");
  return key;
}

std::string text_of(const Memory& memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_X509(memory.get(), certificate) == 1, "PEM");
  return text_of(memory);
}

std::string pem_of(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "PEM");
  return text_of(memory);
}

Minted mint_all(const MintOptions& options) {
  using std::chrono::days;
  const auto root_key = new_key(), upper_key = new_key(), lower_key = new_key();
  const Blueprint ca{"Simulated Root R1", options.now - days(3650), options.now + days(7300), true, {}};
  auto upper = ca, lower = ca;
  upper.common_name = "Simulated Policy Authority P1";
  upper.not_after = options.now + days(3650);
  lower.common_name = "Simulated TLS Issuing Authority T1";
  lower.not_after = options.now + days(1825);
  const auto root_cert = certify(ca, root_key.get(), {});
  const auto upper_cert = certify(upper, upper_key.get(), {root_cert.get(), root_key.get()});
  const auto lower_cert = certify(lower, lower_key.get(), {upper_cert.get(), upper_key.get()});
  const auto rest = pem_of(lower_cert.get()) + pem_of(upper_cert.get());
  Minted minted{pem_of(root_cert.get()), {}};
  minted.chains.reserve(options.chains);
  for (std::size_t i = 0; i < options.chains; ++i) {
    const int left = options.days_left.empty() ? 60 : options.days_left[i % options.days_left.size()];
    const auto end = options.now + days(left);
    const auto key = new_key();
    const auto leaf = certify({options.domain, end - days(options.lifetime_days), end, false,
                               fmt::format("DNS:{0},URI:sip:{0},DNS:trunk-{1:05}.{0}", options.domain, i + 1)},
                              key.get(), {lower_cert.get(), lower_key.get()});
    minted.chains.push_back({pem_of(leaf.get()) + rest, pem_of(key.get())});
  }
  return minted;
}

}  // namespace mint_detail

Result<Minted> mint(const MintOptions& options) {
  try {
    return mint_detail::mint_all(options);
  } catch (const mint_detail::MintFailure& failure) {
    return Error(ErrorCode::internal, "could not make the certificates to start with", failure.what);
  }
}

}  // namespace trunkform::sim
