#pragma once
// Certificates for a simulated service to start with: one root, two intermediates, and leaves of P-256, with the
// extensions that real ones carry, about 4 KB of PEM a chain. A thousand take well under a second. Thread-safe.
#include <cstddef>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::sim {

struct MintOptions {
  std::size_t chains = 1;
  std::vector<int> days_left = {60};  ///< of the leaves, in turn; negative: expired
  int lifetime_days = 90;
  std::string domain = "sip.example.com";
  Instant now{};
};

struct MintedChain {
  std::string certificate;  ///< leaf, two intermediates
  std::string private_key;  ///< PKCS#8
};

struct Minted {
  std::string root;  ///< PEM
  std::vector<MintedChain> chains;
};

/// Error: internal, with OpenSSL's words.
Result<Minted> mint(const MintOptions& options);

}  // namespace trunkform::sim
