#include "schemas/codec/digest.hpp"

#include <array>
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

struct Sha256::State {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{::EVP_MD_CTX_new()};
};

Sha256::Sha256() : m_state(std::make_unique<State>()) {
  if (!m_state->context || ::EVP_DigestInit_ex(m_state->context.get(), algorithm(), nullptr) != 1)
    throw std::bad_alloc();
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  if (::EVP_DigestUpdate(m_state->context.get(), bytes.data(), bytes.size()) != 1) throw std::bad_alloc();
}

Fingerprint Sha256::finish() {
  Fingerprint fingerprint;
  if (::EVP_DigestFinal_ex(m_state->context.get(), fingerprint.bytes.data(), nullptr) != 1) throw std::bad_alloc();
  return fingerprint;
}

std::string sha1_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (::EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, ::EVP_sha1(), nullptr) != 1)
    throw std::bad_alloc();
  constexpr std::string_view k_hex = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += k_hex[digest.at(i) >> 4U];
    text += k_hex[digest.at(i) & 0xFU];
  }
  return text;
}

}  // namespace trunkform
