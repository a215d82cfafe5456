#include "planner/language/functions/digest.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace trunkform::language {

std::string digest(DigestKind kind, std::string_view bytes) {
  const EVP_MD* algorithm = nullptr;
  switch (kind) {
    case DigestKind::md5:
      algorithm = EVP_md5();
      break;
    case DigestKind::sha1:
      algorithm = EVP_sha1();
      break;
    case DigestKind::sha256:
      algorithm = EVP_sha256();
      break;
    case DigestKind::sha512:
      algorithm = EVP_sha512();
      break;
  }
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out, &size, algorithm, nullptr) != 1)
    throw std::runtime_error("libcrypto refused to compute a digest");
  return std::string(reinterpret_cast<const char*>(out), size);
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const unsigned char c : bytes) out += fmt::format("{:02x}", c);
  return out;
}

}  // namespace trunkform::language
