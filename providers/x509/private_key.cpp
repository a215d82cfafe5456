#include "providers/x509/private_key.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "providers/x509/certificate_blocks.hpp"
#include "providers/x509/der_certificates.hpp"
#include "providers/x509/facts.hpp"
#include "providers/x509/handles.hpp"
#include "providers/x509/key_handle.hpp"
#include "providers/x509/key_text.hpp"
#include "providers/x509/pem_blocks.hpp"
#include "providers/x509/secret_stack.hpp"

namespace trunkform::x509 {
namespace {

using detail::KeyEncoding;
using detail::KeyHandle;
using detail::KeyText;

struct FreeKeyForm {
  void operator()(PKCS8_PRIV_KEY_INFO* info) const noexcept { PKCS8_PRIV_KEY_INFO_free(info); }
  void operator()(X509_SIG* encrypted) const noexcept { X509_SIG_free(encrypted); }
};
using KeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeKeyForm>;

bool is_encrypted(const KeyText& text) {
  return text.encoding == KeyEncoding::encrypted_pkcs8 || text.encoding == KeyEncoding::encrypted_traditional;
}

Error not_opened() {
  return Error(ErrorCode::invalid_input, "the passphrase does not open the private key")
      .hint(
          "give the passphrase with which the key was encrypted, or export the key without: openssl pkey -in KEY -out "
          "KEY.pem");
}

Error unreadable(std::string why) {
  return Error(ErrorCode::invalid_input, "the private key cannot be read", std::move(why))
      .hint("see what is wrong with it: openssl pkey -in KEY -noout -check");
}

const unsigned char* bytes_of(const SecretBuffer& buffer) {
  return reinterpret_cast<const unsigned char*>(buffer.data());
}

Result<KeyHandle> from_info(const KeyInfo& info, const Error& otherwise) {
  KeyHandle key(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
  const auto why = detail::take_openssl_reason();
  if (!key) return info ? unreadable(why) : otherwise;
  return key;
}

Result<KeyHandle> from_pkcs8(const SecretBuffer& der) {
  const auto* at = bytes_of(der);
  const KeyInfo info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  return from_info(info, unreadable("it is not PKCS #8"));
}

Result<KeyHandle> from_encrypted_pkcs8(const SecretBuffer& der, const SecretBuffer& passphrase) {
  const auto* at = bytes_of(der);
  const std::unique_ptr<X509_SIG, FreeKeyForm> encrypted(d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!encrypted) return unreadable(detail::take_openssl_reason());
  const KeyInfo info(PKCS8_decrypt(encrypted.get(), passphrase.data(), static_cast<int>(passphrase.size())));
  return from_info(info, not_opened());
}

Result<KeyHandle> from_traditional(const SecretBuffer& der) {
  const auto* at = bytes_of(der);
  KeyHandle key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
  const auto why = detail::take_openssl_reason();
  if (!key) return unreadable(why);
  return key;
}

extern "C" int trunkform_give_passphrase(char* buffer, int size, int, void* passphrase) {
  const auto& given = *static_cast<const SecretBuffer*>(passphrase);
  if (given.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, given.data(), given.size());
  return static_cast<int>(given.size());
}

Result<KeyHandle> from_encrypted_traditional(const KeyText& text, const SecretBuffer& passphrase) {
  EVP_CIPHER_INFO cipher{};
  auto headers = text.headers;  // OpenSSL wants to write there
  headers.erase(std::remove(headers.begin(), headers.end(), '\r'), headers.end());
  if (PEM_get_EVP_CIPHER_INFO(headers.data(), &cipher) != 1) return unreadable(detail::take_openssl_reason());
  auto der = text.der.duplicate();
  auto size = static_cast<long>(der.size());
  auto* bytes = reinterpret_cast<unsigned char*>(der.data());
  auto given = passphrase.duplicate();  // OpenSSL's callback takes no const
  if (PEM_do_header(&cipher, bytes, &size, trunkform_give_passphrase, &given) != 1) {
    (void)detail::take_openssl_reason();
    return not_opened();
  }
  der.truncate(static_cast<std::size_t>(size));
  auto key = from_traditional(der);
  if (!key) return not_opened();  // wrong passphrases get past the padding now and then
  return key;
}

Result<KeyHandle> open(const KeyText& text, const SecretBuffer& passphrase) {
  switch (text.encoding) {
    case KeyEncoding::pkcs8:
      return from_pkcs8(text.der);
    case KeyEncoding::traditional:
      return from_traditional(text.der);
    case KeyEncoding::encrypted_pkcs8:
      return from_encrypted_pkcs8(text.der, passphrase);
    case KeyEncoding::encrypted_traditional:
      return from_encrypted_traditional(text, passphrase);
  }
  return unreadable("its form is not known");
}

PublicKeyFacts public_facts(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  auto facts = detail::key_facts_of(key, {reinterpret_cast<char*>(der), static_cast<std::size_t>(std::max(size, 0))});
  OPENSSL_free(der);
  return facts;
}

std::string in_one_line(const Error& error) {
  return error.detail.empty() ? error.summary : error.summary + ": " + error.detail;
}

void tell(const Error& error, KeyFacts& facts) {
  facts.problem = in_one_line(error);
  facts.mend = fmt::format("{}", fmt::join(error.hints, "; "));
}

KeyFacts inspect(const SecretBuffer& key, const SecretBuffer& passphrase) {
  KeyFacts facts;
  const auto text = detail::find_key(key.view());
  if (!text) {
    tell(text.error(), facts);
    return facts;
  }
  if (is_encrypted(*text)) {
    facts.form = KeyFacts::Form::encrypted;
    if (passphrase.empty()) return facts;
  }
  const auto opened = open(*text, passphrase);
  if (!opened) {
    tell(opened.error(), facts);
    return facts;
  }
  facts.public_key = public_facts(opened->get());
  if (!is_encrypted(*text)) {
    facts.form = text->encoding == KeyEncoding::pkcs8 ? KeyFacts::Form::pkcs8 : KeyFacts::Form::traditional;
  }
  return facts;
}

SecretBuffer pem_of(const SecretBuffer& der) {
  static constexpr std::string_view k_begin = "-----BEGIN PRIVATE KEY-----\n";
  static constexpr std::string_view k_end = "-----END PRIVATE KEY-----\n";
  const auto encoded = detail::encoded_size(der.size());
  SecretBuffer pem(k_begin.size() + encoded + k_end.size());
  std::memcpy(pem.data(), k_begin.data(), k_begin.size());
  detail::encode_base64_lines(der.view(), pem.data() + k_begin.size());
  std::memcpy(pem.data() + k_begin.size() + encoded, k_end.data(), k_end.size());
  return pem;
}

Error no_passphrase() {
  return Error(ErrorCode::invalid_input, "the private key is encrypted and no passphrase is configured")
      .hint(
          "set `passphrase` beside the key, or export the key without one: openssl pkey -in KEY -out "
          "KEY.pem");
}

Error takes_no_passphrase() {
  return Error(ErrorCode::invalid_input, "the private key is encrypted, and no passphrase can be given for it here")
      .hint("name a key that is not encrypted: openssl pkey -in KEY -out KEY.pem");
}

Result<SecretBuffer> reencode(const SecretBuffer& key, const SecretBuffer& passphrase, Error (*without)()) {
  const auto text = TRY(detail::find_key(key.view()));
  if (is_encrypted(text) && passphrase.empty()) return without();
  const auto opened = TRY(open(text, passphrase));
  return detail::pkcs8_pem_of(opened.get());
}

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

Result<SecretBuffer> sign(const SecretBuffer& key, std::string_view message) {
  const auto opened = TRY(detail::open_key(key));
  if (EVP_PKEY_get_base_id(opened.get()) != EVP_PKEY_RSA)
    return Error(ErrorCode::invalid_input, "it has no RSA key").hint("take a certificate with an RSA key of 2048 bits");
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  if (!context || EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, opened.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size()) != 1)
    return unreadable(detail::take_openssl_reason());
  SecretBuffer signature(size);
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &size, bytes, message.size()) != 1)
    return unreadable(detail::take_openssl_reason());
  signature.truncate(size);
  return signature;
}

}  // namespace

namespace detail {

Result<KeyHandle> open_key(const SecretBuffer& key) { return open(TRY(find_key(key.view())), SecretBuffer()); }

Result<SecretBuffer> pkcs8_pem_of(evp_pkey_st* key) {
  const KeyInfo info(EVP_PKEY2PKCS8(key));
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr) : -1;
  if (size <= 0) return unreadable(take_openssl_reason());
  SecretBuffer der(static_cast<std::size_t>(size));
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_PKCS8_PRIV_KEY_INFO(info.get(), &out);
  return pem_of(der);
}

}  // namespace detail

Result<SecretBuffer> sign_ps256(const SecretBuffer& key, std::string_view message) {
  Result<SecretBuffer> signature{SecretBuffer()};
  on_wiped_stack([&] { signature = sign(key, message); });
  return signature;
}

KeyFacts inspect_key(const SecretBuffer& key) { return inspect_key(key, SecretBuffer()); }

KeyFacts inspect_key(const SecretBuffer& key, const SecretBuffer& passphrase) {
  KeyFacts facts;
  on_wiped_stack([&] { facts = inspect(key, passphrase); });
  return facts;
}

Result<SecretBuffer> to_pkcs8(const SecretBuffer& key, const SecretBuffer& passphrase) {
  Result<SecretBuffer> pem{SecretBuffer()};
  on_wiped_stack([&] { pem = reencode(key, passphrase, no_passphrase); });
  return pem;
}

Result<SecretBuffer> to_pkcs8(const SecretBuffer& key) {
  Result<SecretBuffer> pem{SecretBuffer()};
  on_wiped_stack([&] { pem = reencode(key, SecretBuffer(), takes_no_passphrase); });
  return pem;
}

bool matches(const KeyFacts& key, const CertificateFacts& leaf) {
  return key.public_key.spki != Fingerprint{} && key.public_key.spki == leaf.key.spki;
}

Result<std::string> certificates_in(const SecretBuffer& mixed) {
  std::string pem;
  if (detail::looks_like_certificates(mixed.view())) {
    for (const auto der : TRY(detail::der_certificates(mixed.view(), 200))) {
      Certificate plain;
      plain.der = der;
      pem += to_pem(plain);
    }
    return pem;
  }
  for (const auto& block : TRY(detail::blocks_of_certificates(mixed.view(), 200))) {
    pem.append(block.whole).push_back('\n');
  }
  if (pem.empty()) return detail::no_certificate_in(mixed.view());
  return pem;
}

Result<SecretBuffer> key_in(const SecretBuffer& mixed) {
  return SecretBuffer::copy_of(TRY(detail::find_key(mixed.view())).whole);
}

}  // namespace trunkform::x509
