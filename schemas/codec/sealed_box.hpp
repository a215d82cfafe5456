#pragma once
// Bytes that only the holder of a key reads or writes: AES-256-GCM (NIST SP 800-38D) under a key that HKDF-SHA256 (RFC
// 5869) makes for this one box, so that no number of boxes wears the key out. Byte by byte:
// docs/formats/encryption.md. OpenSSL's libcrypto, which wipes its copies of keys. Thread-safe.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

inline constexpr std::size_t k_box_key_size = 32;
inline constexpr std::size_t k_box_salt_size = 32;

/// `salt`: random, used for nothing else. `associated` is vouched for and not in the box. Throws std::runtime_error
/// where OpenSSL lacks the algorithms.
std::string seal_box(const SecretBuffer& key, std::string_view salt, std::string_view plain,
                     std::string_view associated);
/// Error: corrupt, where one bit of box, key or `associated` is another.
Result<std::string> open_box(const SecretBuffer& key, std::string_view box, std::string_view associated);
/// The same for what is a secret itself.
Result<SecretBuffer> open_secret_box(const SecretBuffer& key, std::string_view box, std::string_view associated);

/// A key out of what people type or a generator wrote, by scrypt (RFC 7914) with N = 2^`log_n`, r = 8, p = 1. Takes
/// 2^(`log_n` + 10) bytes of memory. Errors: corrupt (`log_n` is none of ours), internal.
Result<SecretBuffer> stretch_passphrase(const SecretBuffer& passphrase, std::string_view salt, unsigned log_n);

}  // namespace trunkform
