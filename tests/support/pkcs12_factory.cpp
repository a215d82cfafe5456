#include "tests/support/pkcs12_factory.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

namespace trunkform::testing {
namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate read(const Issued& issued) {
  const auto* at = reinterpret_cast<const unsigned char*>(issued.der.data());
  return {d2i_X509(nullptr, &at, static_cast<long>(issued.der.size())), &X509_free};
}

/// RC2 is in the legacy provider; other tests of the process must not get it by accident.
OSSL_LIB_CTX* with_old_ciphers() {
  static auto* const made = [] {
    auto* library = OSSL_LIB_CTX_new();
    OSSL_PROVIDER_load(library, "default");
    if (OSSL_PROVIDER_load(library, "legacy") == nullptr)
      throw std::runtime_error("OpenSSL's legacy provider is missing");
    return library;
  }();
  return made;
}

}  // namespace

std::string make_pkcs12(const Issued& leaf, const Key* key, const Pkcs12Request& request) {
  const bool old = request.cipher == Pkcs12Cipher::rc2_40;
  auto* before = old ? OSSL_LIB_CTX_set0_default(with_old_ciphers()) : nullptr;
  auto* others = sk_X509_new_null();
  for (const auto& other : request.others) sk_X509_push(others, read(other).release());
  const auto certificate = read(leaf);
  const int key_cipher = old ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC : NID_aes_256_cbc;
  const int certificate_cipher = old ? NID_pbe_WithSHA1And40BitRC2_CBC : NID_aes_256_cbc;
  const bool none = request.password.empty() && request.empty == EmptyPassword::none;
  auto* file = PKCS12_create(none ? nullptr : request.password.c_str(), "sip",
                             key == nullptr ? nullptr : static_cast<EVP_PKEY*>(key->native()), certificate.get(),
                             others, key_cipher, certificate_cipher, 0, 0, 0);
  sk_X509_pop_free(others, X509_free);
  if (old) OSSL_LIB_CTX_set0_default(before);
  unsigned char* der = nullptr;
  const int size = file == nullptr ? -1 : i2d_PKCS12(file, &der);
  PKCS12_free(file);
  if (size <= 0) throw std::runtime_error("PKCS #12 could not be made");
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

bool knows_old_ciphers() {
  auto* cipher = EVP_CIPHER_fetch(nullptr, "RC2-40-CBC", nullptr);
  EVP_CIPHER_free(cipher);
  return cipher != nullptr;
}

}  // namespace trunkform::testing
