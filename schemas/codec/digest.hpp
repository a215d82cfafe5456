#pragma once
// SHA-256 (OpenSSL's libcrypto, whose copies of what it hashes the program's heap wipes). Thread-safe.
#include <memory>
#include <string_view>

#include "schemas/model/identity.hpp"

namespace trunkform {

Fingerprint sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

/// SHA-256 of text that is not put together first, for instance because a part of it is a secret. One owner.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  void add(std::string_view bytes);
  /// Once, at the end.
  Fingerprint finish();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// SHA-1 in hex: for names that others made with it, never for security.
std::string sha1_hex(std::string_view bytes);

}  // namespace trunkform
