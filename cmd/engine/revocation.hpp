#pragma once
// Having a certificate revoked, so that a run which dies around the issuer's answer leaves nothing that a later one
// would bind: asked → revoked or refused, each durable. Whoever asks again asks the issuer again, to which a second
// request is none. Not thread-safe.
#include <set>
#include <string>

#include "cmd/engine/run_log.hpp"
#include "schemas/model/certificate_facts.hpp"
#include "schemas/ports/issuer.hpp"

namespace trunkform::engine {

struct Revocation {
  std::string address;  ///< certificate.issued.NAME
  const CertificateFacts& leaf;
  const std::string& leaf_der;
  RevocationReason reason = RevocationReason::unspecified;
};

/// `revoked`: as the state has it, under the lock. Errors: what the issuer said. Where it refused, or was not asked (no
/// connection, no key), nothing is recorded as revoked that was not before; where it may have done it, everything
/// stays, and asking again is the way on.
Result<> have_revoked(const Context& context, Issuer& issuer, RunLog& log, const std::set<Fingerprint>& revoked,
                      const Revocation& revocation);

}  // namespace trunkform::engine
