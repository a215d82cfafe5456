#include "schemas/codec/digest.hpp"

#include <new>

#include <openssl/evp.h>

namespace trunkform {
namespace {

/// Fetched once: SHA256() asks for it under OpenSSL's locks each time, and threads that hash wait for one another.
const EVP_MD* algorithm() {
  static const EVP_MD* const k_sha256 = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  return k_sha256;
}

}  // namespace

Fingerprint sha256(std::string_view bytes) {
  Fingerprint fingerprint;
  if (::EVP_Digest(bytes.data(), bytes.size(), fingerprint.bytes.data(), nullptr, algorithm(), nullptr) != 1)
    throw std::bad_alloc();
  return fingerprint;
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

}  // namespace trunkform
