#include "cmd/engine/revocation.hpp"

namespace trunkform::engine {
namespace {

std::optional<Fingerprint> unless_in(const std::set<Fingerprint>& revoked, const std::optional<Fingerprint>& one) {
  return one && !revoked.contains(*one) ? one : std::nullopt;
}

Error not_known(const Revocation& revocation, Error why) {
  return Error(ErrorCode::outcome_unknown, "it is not known whether the certificate was revoked",
               "until it is, this state counts it as revoked, and binds it nowhere")
      .of(revocation.address)
      .hint("run the same command again: who asks twice has it revoked once")
      .because(std::move(why));
}

}  // namespace

Result<> have_revoked(const Context& context, Issuer& issuer, RunLog& log, const std::set<Fingerprint>& revoked,
                      const Revocation& revocation) {
  const auto leaf = revocation.leaf.fingerprint;
  const std::string reason(to_string(revocation.reason));
  // Whoever has the key has it, whatever certificate comes with it next.
  std::optional<Fingerprint> key;
  if (revocation.reason == RevocationReason::key_compromise) key = revocation.leaf.key.spki;
  TRY(log.append({IssueRevokeAsked{revocation.address, leaf, reason, key}}));
  if (auto done = issuer.revoke(context, revocation.leaf_der, revocation.reason); !done) {
    if (done.error().code == ErrorCode::outcome_unknown) return not_known(revocation, std::move(done.error()));
    TRY(log.append({IssueRevokeRefused{revocation.address, unless_in(revoked, leaf), unless_in(revoked, key),
                                       to_line(done.error())}}));
    return done;
  }
  return log.append({IssueRevoked{revocation.address, leaf, reason, key}});
}

}  // namespace trunkform::engine
