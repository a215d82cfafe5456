#include "schemas/codec/digest.hpp"

#include <openssl/sha.h>

namespace trunkform {

Fingerprint sha256(std::string_view bytes) {
  Fingerprint fingerprint;
  ::SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), fingerprint.bytes.data());
  return fingerprint;
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

}  // namespace trunkform
