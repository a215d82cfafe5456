#pragma once
// What the service thinks of a certificate and key. An interface, so that the model stays free of cryptography: the
// program judges with providers/x509, a simulation test with a table of its own. Implementations are thread-safe.
#include <optional>
#include <string>
#include <string_view>

#include "schemas/model/identity.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::sim {

/// The refusals that the guide names.
enum class Refusal { invalid_key_format, chain_incomplete, expired, not_a_certificate };

struct Judgement {
  std::optional<Refusal> refusal;  ///< none: the pair may be bound
  std::string why;                 ///< of the refusal, one line, no secret
  Identity identity;               ///< of what could be read; zero where nothing could
  Instant not_after{};             ///< of the leaf
  bool ends_in_root = false;       ///< the last certificate is self-signed
};

class CertificateJudge {
 public:
  virtual ~CertificateJudge() = default;
  virtual Judgement judge(std::string_view chain_pem, std::string_view key_pem, Instant now) const = 0;
};

}  // namespace trunkform::sim
