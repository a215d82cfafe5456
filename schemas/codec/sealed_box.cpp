#include "schemas/codec/sealed_box.hpp"

#include <array>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

namespace trunkform {
namespace {

constexpr std::size_t k_nonce_size = 12;
constexpr std::size_t k_tag_size = 16;
constexpr std::string_view k_info = "trunkform sealed box 1";
constexpr unsigned k_least_log_n = 10;
constexpr unsigned k_most_log_n = 20;  // 1 GiB: what is read must not take the machine down

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&::EVP_CIPHER_CTX_free)>;
using Kdf = std::unique_ptr<EVP_KDF, decltype(&::EVP_KDF_free)>;
using KdfRun = std::unique_ptr<EVP_KDF_CTX, decltype(&::EVP_KDF_CTX_free)>;

unsigned char* bytes(char* data) { return reinterpret_cast<unsigned char*>(data); }
const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void must(int done) {
  if (done != 1) throw std::runtime_error("AES-256-GCM or HKDF-SHA256 is not available");
}

/// Key and nonce of one box.
SecretBuffer once(const SecretBuffer& key, std::string_view salt) {
  SecretBuffer made(k_box_key_size + k_nonce_size);
  const Kdf kdf(::EVP_KDF_fetch(nullptr, "HKDF", nullptr), &::EVP_KDF_free);
  const KdfRun run(::EVP_KDF_CTX_new(kdf.get()), &::EVP_KDF_CTX_free);
  if (!run) throw std::runtime_error("HKDF is not available");
  std::string digest = "SHA256";
  // NOLINTBEGIN(cppcoreguidelines-pro-type-const-cast): the library takes them as changeable, and changes none
  const std::array<OSSL_PARAM, 5> parameters{
      ::OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0),
      ::OSSL_PARAM_construct_octet_string("key", const_cast<char*>(key.data()), key.size()),
      ::OSSL_PARAM_construct_octet_string("salt", const_cast<char*>(salt.data()), salt.size()),
      ::OSSL_PARAM_construct_octet_string("info", const_cast<char*>(k_info.data()), k_info.size()),
      ::OSSL_PARAM_construct_end()};
  // NOLINTEND(cppcoreguidelines-pro-type-const-cast)
  must(::EVP_KDF_derive(run.get(), bytes(made.data()), made.size(), parameters.data()));
  return made;
}

Error damaged() {
  return {ErrorCode::corrupt, "what is encrypted was changed, or is another's",
          "its content does not go with its seal"};
}

/// Into `plain`, which has room for all but salt and tag.
bool open_into(const SecretBuffer& key, std::string_view box, std::string_view associated, char* plain) {
  const auto made = once(key, box.substr(0, k_box_salt_size));
  const auto sealed = box.substr(k_box_salt_size, box.size() - k_box_salt_size - k_tag_size);
  std::string tag(box.substr(box.size() - k_tag_size));
  const Cipher cipher(::EVP_CIPHER_CTX_new(), &::EVP_CIPHER_CTX_free);
  int size = 0;
  must(::EVP_DecryptInit_ex(cipher.get(), ::EVP_aes_256_gcm(), nullptr, bytes(made.data()),
                            bytes(made.data() + k_box_key_size)));
  must(::EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes(associated), static_cast<int>(associated.size())));
  must(::EVP_DecryptUpdate(cipher.get(), bytes(plain), &size, bytes(sealed), static_cast<int>(sealed.size())));
  must(::EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(k_tag_size), tag.data()));
  return ::EVP_DecryptFinal_ex(cipher.get(), bytes(plain) + size, &size) == 1;
}

}  // namespace

std::string seal_box(const SecretBuffer& key, std::string_view salt, std::string_view plain,
                     std::string_view associated) {
  if (key.size() != k_box_key_size || salt.size() != k_box_salt_size)
    throw std::invalid_argument("key or salt of a box has another size");
  const auto made = once(key, salt);
  const Cipher cipher(::EVP_CIPHER_CTX_new(), &::EVP_CIPHER_CTX_free);
  std::string box(salt);
  box.resize(k_box_salt_size + plain.size() + k_tag_size);
  auto* into = bytes(box.data() + k_box_salt_size);
  int size = 0;
  must(::EVP_EncryptInit_ex(cipher.get(), ::EVP_aes_256_gcm(), nullptr, bytes(made.data()),
                            bytes(made.data() + k_box_key_size)));
  must(::EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes(associated), static_cast<int>(associated.size())));
  must(::EVP_EncryptUpdate(cipher.get(), into, &size, bytes(plain), static_cast<int>(plain.size())));
  must(::EVP_EncryptFinal_ex(cipher.get(), into + size, &size));
  must(::EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(k_tag_size), into + plain.size()));
  return box;
}

Result<std::string> open_box(const SecretBuffer& key, std::string_view box, std::string_view associated) {
  if (box.size() < k_box_salt_size + k_tag_size) return damaged();
  std::string plain(box.size() - k_box_salt_size - k_tag_size, '\0');
  if (!open_into(key, box, associated, plain.data())) return damaged();
  return plain;
}

Result<SecretBuffer> open_secret_box(const SecretBuffer& key, std::string_view box, std::string_view associated) {
  if (box.size() <= k_box_salt_size + k_tag_size) return damaged();
  SecretBuffer plain(box.size() - k_box_salt_size - k_tag_size);
  if (!open_into(key, box, associated, plain.data())) return damaged();
  return plain;
}

Result<SecretBuffer> stretch_passphrase(const SecretBuffer& passphrase, std::string_view salt, unsigned log_n) {
  constexpr std::uint64_t k_block = 8;
  if (log_n < k_least_log_n || log_n > k_most_log_n)
    return Error(ErrorCode::corrupt, "the strength of a key derivation is none that trunkform writes");
  SecretBuffer key(k_box_key_size);
  const auto most_memory = (1ULL << (log_n + 10U)) + (1ULL << 20U);
  if (::EVP_PBE_scrypt(passphrase.data(), passphrase.size(), bytes(salt), salt.size(), 1ULL << log_n, k_block, 1,
                       most_memory, bytes(key.data()), key.size()) != 1)
    return Error(ErrorCode::internal, "scrypt did not give a key");
  return key;
}

}  // namespace trunkform
