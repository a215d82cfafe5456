#pragma once
// How it is shown that a name is ours (RFC 8555 §8).
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform::issuers::acme {

/// What the server looks for. All of it is public.
struct Proof {
  std::string name;               ///< without `*.`
  std::string token;              ///< base64url
  std::string key_authorization;  ///< §8.1
};

/// Where a proof of dns-01 stands: `_acme-challenge.sip.example.com` (§8.4).
std::string record_of(const Proof& proof);
/// And what stands there.
std::string record_value_of(const Proof& proof);

/// One way to answer challenges. Thread-safe: who comes while another's proofs stand waits, where there is but one
/// place for them.
class Responder {
 public:
  virtual ~Responder() = default;
  virtual const char* challenge_type() const = 0;  ///< `http-01`
  /// Whether the operator allows what this proof takes; asks nobody. Error: untrusted.
  virtual Result<> may_present(const Proof&) { return {}; }
  /// Returns when they can be seen, or are expected to be. What stands there already is no error.
  virtual Result<> present(const Context& context, const std::vector<Proof>& proofs) = 0;
  /// Takes them away, also those of a `present` that failed half way.
  virtual void withdraw(const std::vector<Proof>& proofs) = 0;
};

}  // namespace trunkform::issuers::acme
