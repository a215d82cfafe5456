#include "schemas/codec/hmac.hpp"

#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace trunkform {
namespace {

constexpr std::size_t k_size = 32;

void write_code(const SecretBuffer& key, std::string_view message, unsigned char* into) {
  unsigned int size = 0;
  if (::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(message.data()), message.size(), into, &size) == nullptr ||
      size != k_size)
    throw std::runtime_error("HMAC-SHA256 is not available");
}

}  // namespace

Fingerprint hmac_sha256(const SecretBuffer& key, std::string_view message) {
  Fingerprint code;
  static_assert(sizeof(code.bytes) == k_size);
  write_code(key, message, code.bytes.data());
  return code;
}

SecretBuffer derived_key(const SecretBuffer& key, std::string_view message) {
  SecretBuffer code(k_size);
  write_code(key, message, reinterpret_cast<unsigned char*>(code.data()));
  return code;
}

}  // namespace trunkform
