#pragma once
// The soak after a bind, across runs: what an interrupted or stopped run did not see the end of is left to the next
// one. docs/semantics.md, Interruptions; docs/decisions/0224. Pure.
#include <map>
#include <optional>
#include <set>

#include "planner/schedule/waves.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::schedule {

/// When the soak of what `record` says is bound ends, or ended without anybody looking; none: nothing is left of it.
/// Where a port can be looked at, a soak is open until a run has looked at its end; else until its time is over.
std::optional<Instant> open_soak(const ResourceRecord& record, const Binding& binding, Instant now);

/// What the records of `bindings` prove for their carriers: but for the addresses in `leaving`, from which what is
/// bound is about to be taken.
ProvenChains proofs(const std::vector<Binding>& bindings, const std::map<Address, ResourceRecord>& records,
                    const std::set<Address>& leaving);

/// Nobody saw it behind its port when somebody last looked, and that is not accepted.
bool was_not_seen(const ResourceRecord& record, const Binding& binding);

/// Adds what the record of the binding's address proves for its carrier: a chain whose last look passed, and no
/// earlier than its soak would have ended.
void add_proof(ProvenChains& proven, const Binding& binding, const std::map<Address, ResourceRecord>& records);

/// A binding that needs no write, has what is recorded, and whose soak is open: an apply sees to it before it goes on
/// with its chain. Borrows.
struct OpenSoak {
  const PlannedChange* change = nullptr;
  const ResourceRecord* record = nullptr;
  Instant ends{};
};

/// In the order of the changes. `writes`: those of `changes` that the run is about to do. Without a port to look at,
/// only those whose chain is about to go to further trunks, and greens whose blue is. A green that nobody saw is looked
/// at again before its blue is written: at once where its soak is over, else at its end.
std::vector<OpenSoak> open_soaks(const std::vector<PlannedChange>& changes,
                                 const std::vector<const PlannedChange*>& writes,
                                 const std::map<Address, ResourceRecord>& records, Instant now);

/// Of `bindings`, all that are configured, those that an apply of some addresses leaves out although their chain is
/// about to go to further trunks of their carrier, or they are green and it writes their blue: each as what it would be
/// in `changes`, were its trunk as recorded. Their soaks are seen to as well; nothing is written there.
std::vector<PlannedChange> left_out_with_chain(const std::vector<Binding>& bindings,
                                               const std::vector<PlannedChange>& changes,
                                               const std::vector<const PlannedChange*>& writes,
                                               const std::map<Address, ResourceRecord>& records);

/// The soaks that a run sees to: of what it is about, and of what it leaves out though the chain goes on.
struct SoaksOfRun {
  std::vector<PlannedChange> left_out;  ///< for `open` to borrow: to be moved, never copied
  std::vector<OpenSoak> open;

  bool is_left_out(const OpenSoak& one) const;
};
/// `leaving`: what is bound there is about to be taken off, and nobody looks.
SoaksOfRun soaks_of_run(const std::vector<Binding>& bindings, const std::vector<PlannedChange>& changes,
                        const std::vector<const PlannedChange*>& writes,
                        const std::map<Address, ResourceRecord>& records, const std::set<Address>& leaving,
                        Instant now);

/// A chain among them needs no canary, because it has one.
void add_canaries(ProvenChains& proven, const std::vector<OpenSoak>& open);

}  // namespace trunkform::schedule
