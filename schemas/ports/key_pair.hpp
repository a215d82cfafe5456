#pragma once
// A chain and its private key: one value; nothing handles them apart. Lives from `fetch` to the end of its PATCH.
#include <string>

#include "schemas/model/certificate_facts.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

struct KeyPair {
  ChainPtr chain;
  std::string chain_pem;     ///< leaf first, as sent
  SecretBuffer private_key;  ///< unencrypted PKCS#8 PEM; matches the leaf
};

}  // namespace trunkform
