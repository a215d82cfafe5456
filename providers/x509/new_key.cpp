#include "providers/x509/new_key.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "providers/x509/key_handle.hpp"
#include "providers/x509/secret_stack.hpp"

namespace trunkform::x509 {
namespace {

EVP_PKEY* generate(KeyType type) {
  switch (type) {
    case KeyType::ecdsa_p256:
      return EVP_EC_gen("P-256");
    case KeyType::ecdsa_p384:
      return EVP_EC_gen("P-384");
    case KeyType::rsa_2048:
      return EVP_RSA_gen(2048);
    case KeyType::rsa_3072:
      return EVP_RSA_gen(3072);
    case KeyType::rsa_4096:
      return EVP_RSA_gen(4096);
  }
  return nullptr;
}

}  // namespace

Result<SecretBuffer> make_key(KeyType type) {
  Result<SecretBuffer> pem{SecretBuffer()};
  on_wiped_stack([&] {
    const detail::KeyHandle key(generate(type));
    pem = key ? detail::pkcs8_pem_of(key.get())
              : Error(ErrorCode::internal, "no private key could be made", detail::take_openssl_reason());
  });
  return pem;
}

}  // namespace trunkform::x509
