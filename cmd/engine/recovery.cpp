#include "cmd/engine/recovery.hpp"

#include <fmt/format.h>

namespace trunkform::engine {
namespace {

struct Scene {
  const Context& context;
  TrunkApi& api;
  TlsProbe& tls;
  SipProbe& sip;
  Clock& clock;
};

Result<Sighting> look(const Scene& scene, const LiveTrunk& trunk, const VerifyPolicy& policy) {
  if (trunk.certificate.kind != Sighting::Kind::unknown || !policy.tls) return trunk.certificate;
  const auto served = TRY(scene.tls.observe(scene.context, *policy.tls));
  for (const auto& one : served)
    if (one.chain != nullptr) return Sighting::of(one.chain);
  return trunk.certificate;
}

Outcome closed(const Intent& intent, OutcomeKind kind, std::string message) {
  Outcome outcome;
  outcome.address = intent.address;
  outcome.kind = kind;
  outcome.message = std::move(message);
  return outcome;
}

/// The PATCH did go through before the run ended: what was left undone is the verification.
Outcome finish(const Scene& scene, const Intent& intent, const VerifyPolicy& policy, const Identity& live,
               const std::string& status) {
  auto outcome = closed(intent, OutcomeKind::committed, "an interrupted run had bound it; verified now");
  outcome.record = intent.record;
  if (live != intent.record.chain->identity) outcome.record->as_read = live;
  outcome.verification.accepted =
      check_accepted(scene.context, scene.api, scene.clock, intent.trunk_id, policy, intent.record.chain->identity,
                     intent.from, status)
          .result;
  outcome.verification.served = check_served(scene.context, scene.tls, scene.sip, scene.clock, policy,
                                             {intent.record.chain->identity, outcome.record->as_read});
  if (outcome.verification.failed()) {
    outcome.kind = OutcomeKind::failed;
    outcome.message = "an interrupted run had bound it, and it does not verify";
  }
  return outcome;
}

Result<Outcome> resolve(const Scene& scene, const Intent& intent, const VerifyPolicy& policy) {
  const auto trunk = scene.api.get(scene.context, intent.trunk_id);
  if (!trunk && trunk.error().code == ErrorCode::not_found)
    return closed(intent, OutcomeKind::not_committed, "the trunk is gone");
  if (!trunk) return trunk.error();
  const auto sighting = TRY(look(scene, *trunk, policy));
  if (sighting.kind == Sighting::Kind::unknown)
    return Error(ErrorCode::outcome_unknown, "an interrupted run may have changed this trunk, and it cannot be seen",
                 fmt::format("the service does not show the certificate ({}), and no verify.tls says where to look",
                             sighting.why))
        .of(to_string(intent.address))
        .hint("add \"verify\": {\"tls\": {\"address\": \"HOST:5061\"}} to the resource, then run: trunkform apply");
  if (sighting.kind == Sighting::Kind::none)
    return closed(intent, intent.from ? OutcomeKind::foreign : OutcomeKind::not_committed,
                  "no certificate is on the trunk");
  const auto& live = sighting.chain->identity;
  if (live.leaf == intent.record.chain->identity.leaf) return finish(scene, intent, policy, live, trunk->status);
  if (intent.from && live == *intent.from)
    return closed(intent, OutcomeKind::not_committed, "the interrupted run had not bound it yet");
  return closed(intent, OutcomeKind::foreign,
                fmt::format("somebody else bound {} meanwhile", to_short(live.leaf)));
}

}  // namespace

Result<std::vector<Resolved>> resolve_intents(const Context& context, TrunkApi& api, TlsProbe& tls, SipProbe& sip,
                                              Clock& clock, RunLog& log, const std::map<Address, Intent>& intents,
                                              const std::map<Address, VerifyPolicy>& verify_policies) {
  const Scene scene{context, api, tls, sip, clock};
  std::vector<Resolved> resolved;
  for (const auto& [address, intent] : intents) {
    const auto policy = verify_policies.find(address);
    auto outcome = TRY(resolve(scene, intent, policy == verify_policies.end() ? VerifyPolicy{} : policy->second));
    resolved.push_back({address, outcome.kind, outcome.message});
    TRY(log.append({std::move(outcome)}));
  }
  return resolved;
}

}  // namespace trunkform::engine
