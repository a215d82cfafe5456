#include "tests/support/certificate_factory.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace trunkform::testing {
namespace {

struct FreeMaterial {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_CRL* list) const { X509_CRL_free(list); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(ASN1_TIME* time) const { ASN1_TIME_free(time); }
  void operator()(CONF* configuration) const { NCONF_free(configuration); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(EVP_MD_CTX* signing) const { EVP_MD_CTX_free(signing); }
};

template <class T>
using Material = std::unique_ptr<T, FreeMaterial>;

[[noreturn]] void refused(const std::string& what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  throw std::runtime_error("certificate factory: " + what + ": " + (reason == nullptr ? "refused" : reason));
}

void must(bool good, const std::string& what) {
  if (!good) refused(what);
}

EVP_PKEY* native(const Key& key) { return static_cast<EVP_PKEY*>(key.native()); }

Key owned(EVP_PKEY* key) {
  must(key != nullptr, "key generation");
  return Key(std::shared_ptr<void>(key, [](void* one) { EVP_PKEY_free(static_cast<EVP_PKEY*>(one)); }));
}

EVP_PKEY* make_dsa() {
  const Material<EVP_PKEY_CTX> parameters_context(EVP_PKEY_CTX_new_id(EVP_PKEY_DSA, nullptr));
  EVP_PKEY* parameters = nullptr;
  must(EVP_PKEY_paramgen_init(parameters_context.get()) == 1, "DSA");
  EVP_PKEY_CTX_set_dsa_paramgen_bits(parameters_context.get(), 2048);
  must(EVP_PKEY_paramgen(parameters_context.get(), &parameters) == 1, "DSA parameters");
  const Material<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(parameters, nullptr));
  EVP_PKEY* key = nullptr;
  must(EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_keygen(context.get(), &key) == 1, "DSA key");
  EVP_PKEY_free(parameters);
  return key;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Material<BIO> memory() { return Material<BIO>(BIO_new(BIO_s_mem())); }

Material<X509> parsed(const Issued& issued) {
  const auto* at = reinterpret_cast<const unsigned char*>(issued.der.data());
  return Material<X509>(d2i_X509(nullptr, &at, static_cast<long>(issued.der.size())));
}

void set_time(ASN1_TIME* time, Instant instant) {
  must(ASN1_TIME_set(time, std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count()) != nullptr,
       "time");
}

void set_serial(X509* certificate, const std::string& hex) {
  std::string digits = hex;
  if (digits.empty()) {
    unsigned char bytes[16];
    must(RAND_bytes(bytes, sizeof bytes) == 1, "serial");
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7FU) | 0x40U);  // positive, and always 16 octets
    for (const auto byte : bytes) {
      digits += "0123456789abcdef"[byte >> 4U];
      digits += "0123456789abcdef"[byte & 0xFU];
    }
  }
  BIGNUM* number = nullptr;
  must(BN_hex2bn(&number, digits.c_str()) != 0, "serial " + digits);
  const Material<BIGNUM> keep(number);
  must(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr, "serial");
}

void set_subject(X509* certificate, const Request& request) {
  auto* name = X509_get_subject_name(certificate);
  const auto add = [name](const char* field, const std::string& value) {
    if (value.empty()) return;
    must(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                                    static_cast<int>(value.size()), -1, 0) == 1,
         "name " + value);
  };
  add("O", request.organisation);
  add("CN", request.common_name);
  add("emailAddress", request.email);
}

void add_extension(X509* certificate, X509* issuer, const std::string& name, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Material<CONF> nothing(NCONF_new(nullptr));  // policies ask for a configuration, even an empty one
  X509V3_set_nconf(&context, nothing.get());
  const Material<X509_EXTENSION> extension(X509V3_EXT_conf(nullptr, &context, name.c_str(), value.c_str()));
  must(extension != nullptr, "extension " + name + "=" + value);
  must(X509_add_ext(certificate, extension.get(), -1) == 1, "extension " + name);
}

GENERAL_NAME* general_name(const std::string& text) {
  const auto colon = text.find(':');
  const auto kind = colon == std::string::npos ? std::string("dns") : text.substr(0, colon);
  const auto value = colon == std::string::npos ? text : text.substr(colon + 1);
  const int type = kind == "dns" ? GEN_DNS : kind == "uri" ? GEN_URI : kind == "ip" ? GEN_IPADD : GEN_EMAIL;
  if (type == GEN_IPADD) return a2i_GENERAL_NAME(nullptr, nullptr, nullptr, type, value.c_str(), 0);
  auto* name = GENERAL_NAME_new();
  auto* string = ASN1_IA5STRING_new();
  ASN1_STRING_set(string, value.data(), static_cast<int>(value.size()));  // bytes as they are, NUL and all
  GENERAL_NAME_set0_value(name, type, string);
  return name;
}

GENERAL_NAME* directory_name(const std::string& common_name) {
  auto* name = GENERAL_NAME_new();
  auto* directory = X509_NAME_new();
  must(X509_NAME_add_entry_by_txt(directory, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.data()),
                                  static_cast<int>(common_name.size()), -1, 0) == 1,
       "name " + common_name);
  GENERAL_NAME_set0_value(name, GEN_DIRNAME, directory);
  return name;
}

GENERAL_NAME* other_name() {
  auto* name = GENERAL_NAME_new();
  auto* value = ASN1_TYPE_new();
  auto* text = ASN1_UTF8STRING_new();
  ASN1_STRING_set(text, "x", 1);
  ASN1_TYPE_set(value, V_ASN1_UTF8STRING, text);
  GENERAL_NAME_set0_othername(name, OBJ_txt2obj("1.2.3.4", 1), value);
  return name;
}

GENERAL_NAME* octets_name(const std::string& hex) {
  long size = 0;
  auto* octets = OPENSSL_hexstr2buf(hex.c_str(), &size);
  must(octets != nullptr, "octets " + hex);
  auto* name = GENERAL_NAME_new();
  auto* string = ASN1_OCTET_STRING_new();
  ASN1_STRING_set0(string, octets, static_cast<int>(size));
  GENERAL_NAME_set0_value(name, GEN_IPADD, string);
  return name;
}

GENERAL_NAME* any_name(const std::string& text) {
  if (text.starts_with("dir:CN=")) return directory_name(text.substr(7));
  if (text.starts_with("net:")) return octets_name(text.substr(4));
  return text.starts_with("other:") ? other_name() : general_name(text);
}

void add_names(X509* certificate, const Request& request) {
  if (request.names.empty()) return;
  auto* names = sk_GENERAL_NAME_new_null();
  for (const auto& text : request.names) {
    auto* name = any_name(text);
    must(name != nullptr, "subjectAltName " + text);
    sk_GENERAL_NAME_push(names, name);
  }
  const int critical = request.common_name.empty() && request.organisation.empty() ? 1 : 0;  // RFC 5280 §4.2.1.6
  const bool added = X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, critical, X509V3_ADD_DEFAULT) == 1;
  sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
  must(added, "subjectAltName");
}

std::string basic_constraints(const Request& request) {
  if (request.basic_constraints != "default") return request.basic_constraints;
  if (request.role == Role::leaf) return "critical,CA:FALSE";
  return "critical,CA:TRUE" +
         (request.path_length ? ",pathlen:" + std::to_string(*request.path_length) : std::string());
}

std::string key_usage(const Request& request) {
  if (request.key_usage != "default") return request.key_usage;
  return request.role == Role::leaf ? "critical,digitalSignature" : "critical,keyCertSign,cRLSign";
}

void add_extensions(X509* certificate, X509* issuer, const Request& request) {
  if (const auto value = basic_constraints(request); !value.empty())
    add_extension(certificate, issuer, "basicConstraints", value);
  if (const auto value = key_usage(request); !value.empty()) add_extension(certificate, issuer, "keyUsage", value);
  if (request.role == Role::leaf && !request.extended_key_usage.empty()) {
    std::string usages;
    for (const auto& usage : request.extended_key_usage) usages += (usages.empty() ? "" : ",") + usage;
    add_extension(certificate, issuer, "extendedKeyUsage", usages);
  }
  if (request.subject_key_id) add_extension(certificate, issuer, "subjectKeyIdentifier", "hash");
  if (request.authority_key_id && X509_get0_subject_key_id(issuer) != nullptr) {
    add_extension(certificate, issuer, "authorityKeyIdentifier", "keyid");
  }
  if (request.role == Role::leaf) add_names(certificate, request);
  for (const auto& [name, value] : request.extensions) add_extension(certificate, issuer, name, value);
}

const EVP_MD* digest_for(EVP_PKEY* key, const std::string& name) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) return nullptr;
  const auto* digest = EVP_get_digestbyname(name.c_str());
  must(digest != nullptr, "digest " + name);
  return digest;
}

void sign(X509* certificate, EVP_PKEY* key, const Request& request) {
  const Material<EVP_MD_CTX> signing(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const auto* digest = digest_for(key, request.digest);
  must(EVP_DigestSignInit(signing.get(), &parameters, digest, nullptr, key) == 1, "signing");
  if (request.pss_salt) {
    must(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, *request.pss_salt) == 1,
         "PSS");
  }
  must(X509_sign_ctx(certificate, signing.get()) > 0, "signature");
}

Issued finished(X509* certificate, const Key& key) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  must(size > 0, "DER");
  Issued issued{std::string(reinterpret_cast<char*>(der), static_cast<std::size_t>(size)), "", key};
  OPENSSL_free(der);
  const auto out = memory();
  must(PEM_write_bio_X509(out.get(), certificate) == 1, "PEM");
  issued.pem = text_of(out.get());
  return issued;
}

Issued issue(const Request& request, const Issued* issuer, const Key& key) {
  const Material<X509> certificate(X509_new());
  const auto parent = issuer == nullptr ? Material<X509>() : parsed(*issuer);
  auto* signer = parent ? parent.get() : certificate.get();
  X509_set_version(certificate.get(), request.version - 1);
  set_serial(certificate.get(), request.serial);
  set_subject(certificate.get(), request);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  set_time(X509_getm_notBefore(certificate.get()), request.not_before);
  set_time(X509_getm_notAfter(certificate.get()), request.not_after);
  must(X509_set_pubkey(certificate.get(), native(key)) == 1, "public key");
  if (request.version == 3) add_extensions(certificate.get(), signer, request);
  sign(certificate.get(), native(issuer == nullptr ? key : issuer->key), request);
  return finished(certificate.get(), key);
}

}  // namespace

Key Key::make(KeyType type) {
  switch (type) {
    case KeyType::ec_p256:
      return owned(EVP_EC_gen("P-256"));
    case KeyType::ec_p384:
      return owned(EVP_EC_gen("P-384"));
    case KeyType::ec_p521:
      return owned(EVP_EC_gen("P-521"));
    case KeyType::ec_secp256k1:
      return owned(EVP_EC_gen("secp256k1"));
    case KeyType::rsa_1024:
      return owned(EVP_RSA_gen(1024));
    case KeyType::rsa_2048:
      return owned(EVP_RSA_gen(2048));
    case KeyType::rsa_2052:
      return owned(EVP_RSA_gen(2052));
    case KeyType::rsa_3072:
      return owned(EVP_RSA_gen(3072));
    case KeyType::ed25519:
      return owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    case KeyType::dsa_2048:
      return owned(make_dsa());
  }
  throw std::runtime_error("certificate factory: unknown key type");
}

Key Key::of_exponent(unsigned exponent) {
  BIGNUM* modulus = nullptr;
  must(EVP_PKEY_get_bn_param(::trunkform::testing::native(shared(KeyType::rsa_2048)), OSSL_PKEY_PARAM_RSA_N,
                             &modulus) == 1,
       "modulus");
  const Material<BIGNUM> keep(modulus);
  std::vector<unsigned char> octets(static_cast<std::size_t>(BN_num_bytes(modulus)));
  BN_bn2nativepad(modulus, octets.data(), static_cast<int>(octets.size()));
  OSSL_PARAM parameters[] = {OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, octets.data(), octets.size()),
                             OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &exponent), OSSL_PARAM_construct_end()};
  const Material<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nullptr));
  EVP_PKEY* key = nullptr;
  must(EVP_PKEY_fromdata_init(context.get()) == 1 &&
           EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) == 1,
       "RSA key");
  return owned(key);
}

Key Key::read(const std::string& pem) {
  const Material<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return owned(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
}

Issued Issued::read(const std::string& certificate_pem, const std::string& key_pem) {
  const Material<BIO> in(BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())));
  const Material<X509> certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  must(certificate != nullptr, "reading a certificate");
  return finished(certificate.get(), Key::read(key_pem));
}

Key Key::shared(KeyType type) {
  static std::mutex mutex;
  static std::map<KeyType, Key> keys;
  const std::lock_guard lock(mutex);
  if (const auto found = keys.find(type); found != keys.end()) return found->second;
  return keys.emplace(type, make(type)).first->second;
}

std::string Key::text(KeyForm form, const std::string& passphrase) const {
  const auto out = memory();
  auto* key = static_cast<EVP_PKEY*>(m_key.get());
  const auto* word = passphrase.c_str();
  const int length = static_cast<int>(passphrase.size());
  int good = 0;
  switch (form) {
    case KeyForm::pkcs8:
      good = PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
      break;
    case KeyForm::traditional:
      good = PEM_write_bio_PrivateKey_traditional(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
      break;
    case KeyForm::encrypted_pkcs8:
      good = PEM_write_bio_PKCS8PrivateKey(out.get(), key, EVP_aes_256_cbc(), word, length, nullptr, nullptr);
      break;
    case KeyForm::encrypted_traditional:
      good = PEM_write_bio_PrivateKey_traditional(
          out.get(), key, EVP_aes_256_cbc(), reinterpret_cast<const unsigned char*>(word), length, nullptr, nullptr);
      break;
    case KeyForm::der_pkcs8:
      good = i2d_PKCS8PrivateKey_bio(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
      break;
  }
  must(good == 1, "writing a key");
  return text_of(out.get());
}

Issued make_root(const Request& request, const Key& key) { return issue(request, nullptr, key); }
Issued make(const Request& request, const Issued& issuer, const Key& key) { return issue(request, &issuer, key); }

std::string name_constraints(const std::vector<std::string>& permitted, const std::vector<std::string>& excluded) {
  auto* constraints = NAME_CONSTRAINTS_new();
  const auto add = [](STACK_OF(GENERAL_SUBTREE) * &trees, const std::vector<std::string>& texts) {
    for (const auto& text : texts) {
      if (trees == nullptr) trees = sk_GENERAL_SUBTREE_new_null();
      auto* tree = GENERAL_SUBTREE_new();
      GENERAL_NAME_free(tree->base);
      tree->base = any_name(text);
      sk_GENERAL_SUBTREE_push(trees, tree);
    }
  };
  add(constraints->permittedSubtrees, permitted);
  add(constraints->excludedSubtrees, excluded);
  unsigned char* der = nullptr;
  const int size = ASN1_item_i2d(reinterpret_cast<ASN1_VALUE*>(constraints), &der, ASN1_ITEM_rptr(NAME_CONSTRAINTS));
  must(size > 0, "nameConstraints");
  std::string value = "critical,DER:";
  for (int i = 0; i < size; ++i) {
    value += "0123456789abcdef"[der[i] >> 4U];
    value += "0123456789abcdef"[der[i] & 0xFU];
  }
  OPENSSL_free(der);
  NAME_CONSTRAINTS_free(constraints);
  return value;
}

Issued with_other_algorithm(const Issued& issued) {
  static const std::string k_ecdsa_with_sha256("\x2a\x86\x48\xce\x3d\x04\x03\x02");
  auto other = issued;
  const auto at = other.der.rfind(k_ecdsa_with_sha256);
  must(at != std::string::npos, "a signature by another key than ECDSA's");
  other.der[at + k_ecdsa_with_sha256.size() - 1] = 3;  // with SHA-384
  return finished(parsed(other).get(), issued.key);
}

Issued with_broken_signature(const Issued& issued) {
  auto der = issued.der;
  der.back() = static_cast<char>(der.back() ^ 1);  // the last octet of a certificate belongs to its signature
  auto broken = issued;
  broken.der = der;
  return finished(parsed(broken).get(), issued.key);
}

Issued with_padded_length(const Issued& issued) {
  auto other = issued;
  static constexpr std::string_view k_sequence("\x30\x82");
  const std::string_view der(issued.der);
  must(der.starts_with(k_sequence) && der.substr(4).starts_with(k_sequence), "lengths of two octets");
  other.der.replace(5, 1, std::string("\x83\0", 2));  // three octets, and the first of them is zero
  const auto length = other.der.size() - 4;
  other.der[2] = static_cast<char>(length >> 8U);
  other.der[3] = static_cast<char>(length & 0xFFU);
  return finished(parsed(other).get(), issued.key);
}

std::string make_revocation_list(const RevocationRequest& request, const Issued& issuer) {
  const Material<X509_CRL> list(X509_CRL_new());
  const auto parent = parsed(issuer);
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(parent.get()));
  const Material<ASN1_TIME> time(ASN1_TIME_new());
  set_time(time.get(), request.this_update);
  X509_CRL_set1_lastUpdate(list.get(), time.get());
  for (const auto& revoked : request.revoked) {
    auto* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(parsed(revoked).get()));
    X509_REVOKED_set_revocationDate(entry, time.get());
    must(X509_CRL_add0_revoked(list.get(), entry) == 1, "revoked entry");
  }
  set_time(time.get(), request.next_update);
  X509_CRL_set1_nextUpdate(list.get(), time.get());
  if (!request.number.empty()) {
    const Material<BIGNUM> number([&] {
      BIGNUM* made = nullptr;
      BN_dec2bn(&made, request.number.c_str());
      return made;
    }());
    auto* text = BN_to_ASN1_INTEGER(number.get(), nullptr);
    must(X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, text, request.number_critical ? 1 : 0, 0) == 1, "number");
    ASN1_INTEGER_free(text);
  }
  for (const auto& [name, value] : request.extensions) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, parent.get(), nullptr, nullptr, list.get(), 0);
    const Material<X509_EXTENSION> extension(X509V3_EXT_conf(nullptr, &context, name.c_str(), value.c_str()));
    must(extension != nullptr, std::string("extension ").append(name).append("=").append(value));
    must(X509_CRL_add_ext(list.get(), extension.get(), -1) == 1, "extension " + name);
  }
  X509_CRL_sort(list.get());
  must(X509_CRL_sign(list.get(), native(issuer.key), digest_for(native(issuer.key), "SHA256")) > 0, "CRL signature");
  const auto out = memory();
  must(PEM_write_bio_X509_CRL(out.get(), list.get()) == 1, "CRL PEM");
  return text_of(out.get());
}

}  // namespace trunkform::testing
