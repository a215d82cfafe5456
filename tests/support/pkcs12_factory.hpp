#pragma once
// PKCS #12 as other programs write it, made at run time.
#include <string>
#include <vector>

#include "tests/support/certificate_factory.hpp"

namespace trunkform::testing {

enum class Pkcs12Cipher { aes_256, rc2_40 };  ///< rc2_40: as Windows and old OpenSSL encrypt certificates

/// How an empty password is written: as a text of no letters, or as none at all.
enum class EmptyPassword { text, none };

struct Pkcs12Request {
  std::string password;
  EmptyPassword empty = EmptyPassword::text;
  Pkcs12Cipher cipher = Pkcs12Cipher::aes_256;
  std::vector<Issued> others;  ///< certificates without key, after the leaf
};

/// DER. `leaf` has the key; without one, where `key` is null.
std::string make_pkcs12(const Issued& leaf, const Key* key, const Pkcs12Request& request);

/// Whether this thread's default library context has RC2.
bool knows_old_ciphers();

}  // namespace trunkform::testing
