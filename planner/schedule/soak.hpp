#pragma once
// The soak after a bind, across runs: what an interrupted or stopped run did not see the end of is left to the next
// one. docs/semantics.md, Interruptions; docs/decisions/0224. Pure.
#include <map>
#include <optional>

#include "planner/schedule/waves.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::schedule {

/// When the soak of what `record` says is bound ends, or ended without anybody looking; none: nothing is left of it.
/// Where a port can be looked at, a soak is open until a run has looked at its end; else until its time is over.
std::optional<Instant> open_soak(const ResourceRecord& record, const Binding& binding, Instant now);

/// Adds what the record of the binding's address proves for its carrier: a chain whose last look passed, and no
/// earlier than its soak would have ended.
void add_proof(ProvenChains& proven, const Binding& binding, const std::map<Address, ResourceRecord>& records);

/// Bindings that need no write, have what is recorded, and whose soak is open: an apply sees to them before it goes on
/// with their chains. A chain among them needs no canary, because it has one.
class OpenSoaks {
 public:
  /// Borrows all three. `writes`: those of `changes` that the run is about to do.
  OpenSoaks(const std::vector<PlannedChange>& changes, const std::vector<const PlannedChange*>& writes,
            const std::map<Address, ResourceRecord>& records, Instant now);

  struct Open {
    const PlannedChange* change = nullptr;
    const ResourceRecord* record = nullptr;
    Instant ends{};
  };
  /// In the order of the changes. Without a port to look at, only those whose chain is about to go to further trunks.
  const std::vector<Open>& all() const { return m_open; }
  void add_to(ProvenChains& proven) const;

 private:
  std::vector<Open> m_open;
};

}  // namespace trunkform::schedule
