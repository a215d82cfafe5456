#pragma once
// A chain that has failed on trunks of a carrier is not tried on its other trunks, more often than `max_failures` says:
// what is wrong with it there is not wrong with one trunk alone. docs/semantics.md, When it fails. Pure.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "schemas/model/plan.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::schedule {

class FailedChains {
 public:
  /// From what the records of `bindings`, all that are configured, say: failed and still bound, seen to fail behind its
  /// port (a look is one at the recorded certificate, never at what somebody else bound), or quarantined; and of the
  /// addresses in `leaving` what is bound now. A chain that a trunk of the carrier serves well at the end of its soak
  /// is none of them.
  FailedChains(const std::vector<Binding>& bindings, const std::map<Address, ResourceRecord>& records,
               const std::set<Address>& leaving = {});

  /// On how many other trunks of its carrier the chain of `change` has failed, where its rollout allows fewer; else 0.
  std::size_t failures_elsewhere(const PlannedChange& change) const;

  /// The same where that keeps the chain from being tried here; else 0. Whoever has nothing left to lose, or not for
  /// long, is not kept.
  std::size_t holds(const PlannedChange& change, Instant now) const;

  /// The same of `chain` and a binding that does not have it.
  std::size_t failures_elsewhere(const Binding& binding, const Fingerprint& chain) const;

  /// Where that was and why, for people: `genesys_trunk_certificate.east: rolled back by hand`, and so on; of many the
  /// first. Of other trunks than the change's own.
  std::string told(const PlannedChange& change) const;

 private:
  using Reasons = std::map<Address, std::string>;
  std::map<std::pair<std::string, Fingerprint>, Reasons> m_failed;

  /// Null: none.
  const Reasons* reasons(const Binding& binding, const Fingerprint& chain) const;
};

}  // namespace trunkform::schedule
