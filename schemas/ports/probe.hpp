#pragma once
// What a SIP TLS port serves, seen from here. Thread-safe.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/error.hpp"
#include "schemas/model/policy.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

/// One fresh handshake without resumption on one resolved address. No trust is required: what is served is the
/// question.
struct ServedChain {
  std::string address;         ///< `192.0.2.10:5061`
  ChainPtr chain;              ///< null where the handshake did not finish
  std::string protocol;        ///< `TLSv1.3`
  std::optional<Error> error;  ///< unavailable (no route, refused), timeout, protocol (handshake failed)
};

class TlsProbe {
 public:
  virtual ~TlsProbe() = default;
  /// One handshake on every address that `host` resolves to. Error: only where the name does not resolve.
  virtual Result<std::vector<ServedChain>> observe(const Context& context, const TlsProbePolicy& policy) = 0;
};

class SipProbe {
 public:
  virtual ~SipProbe() = default;
  /// OPTIONS over a fresh TLS connection; the final status code of the answer.
  virtual Result<int> options(const Context& context, const TlsProbePolicy& policy) = 0;
};

}  // namespace trunkform
