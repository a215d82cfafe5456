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
  std::string address;              ///< `192.0.2.10:5061`
  ChainPtr chain;                   ///< null where the handshake did not finish
  std::string protocol;             ///< `TLSv1.3`
  std::optional<Error> error;       ///< unavailable (no route, refused), timeout, protocol (handshake failed)
  std::vector<std::string> ders{};  ///< of `chain` as sent, for who judges it; without them it can only be compared
};

class TlsProbe {
 public:
  virtual ~TlsProbe() = default;
  /// One handshake on every address that `host` resolves to, or to which the records of a `sips:` domain lead. Error:
  /// only where the name leads nowhere.
  virtual Result<std::vector<ServedChain>> observe(const Context& context, const TlsProbePolicy& policy) = 0;
};

/// What came of a test call, seen by the caller.
struct CallOutcome {
  std::string address;     ///< that took the connection: `192.0.2.10:5061`
  int status = 0;          ///< the final answer to INVITE; 0: there was none
  std::string reason;      ///< its phrase (foreign text)
  int provisional = 0;     ///< the last answer below 200; 100 says only that somebody took it
  bool cancelled = false;  ///< it was still ringing when CANCEL went out
  bool hung_up = false;    ///< answered, and the peer agreed to BYE
  Duration took{};         ///< from INVITE to the answer that decided
};

class SipProbe {
 public:
  virtual ~SipProbe() = default;
  /// OPTIONS over a fresh TLS connection; the final status code of the answer.
  virtual Result<int> options(const Context& context, const TlsProbePolicy& policy) = 0;
  /// One call without media over a fresh TLS connection, ended whatever comes: BYE after a 2xx, CANCEL where it rings
  /// when `call.timeout` is over, or as soon as a provisional answer is among those accepted. Errors: unavailable,
  /// timeout (no connection), protocol, cancelled, invalid_input.
  virtual Result<CallOutcome> call(const Context& context, const TlsProbePolicy& policy, const CallPolicy& call) = 0;
};

}  // namespace trunkform
