#include "schemas/codec/hmac.hpp"

#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace trunkform {

Fingerprint hmac_sha256(const SecretBuffer& key, std::string_view message) {
  Fingerprint code;
  unsigned int size = 0;
  if (::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(message.data()), message.size(), code.bytes.data(),
             &size) == nullptr ||
      size != code.bytes.size())
    throw std::runtime_error("HMAC-SHA256 is not available");
  return code;
}

}  // namespace trunkform
