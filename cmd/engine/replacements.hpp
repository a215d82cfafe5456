#pragma once
// What `-replace` asks for outlives the run that was given it: it is in the log before anything is issued or bound, and
// every later plan goes on wanting it (docs/decisions/0389-a-replacement-outlives-its-run.md). Pure.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/event.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::engine {

/// A plan that was made under this run's lock is as fresh as its reads; one from a file may be days old.
enum class PlanOrigin { this_run, file };

/// What an earlier `-replace` asked for and nobody has done, where `leaf` is still there; borrowed. Null: nothing.
const Replacement* still_asked(const std::map<Address, Replacement>& replacements, const Address& address,
                               const std::optional<Fingerprint>& leaf);
/// Likewise of a `certificate.issued`, by its address in words.
const Replacement* still_asked(const std::map<Address, Replacement>& replacements, const std::string& certificate,
                               const std::optional<Fingerprint>& leaf);

/// Of what is live, or in the store; none: nothing is.
std::optional<Fingerprint> leaf_of(const ChainPtr& chain);

/// What an apply of `plan` writes down first: the replacements that it is to make and that the state does not have yet.
/// A plan from a file may have been applied before: where the state has another wish by now, or another certificate,
/// it asks for nothing.
std::vector<EventBody> replacements_asked(const Plan& plan, const std::optional<Snapshot>& state, PlanOrigin origin);

/// What the state still has, and this plan found to be over: another certificate is there by now.
std::vector<EventBody> replacements_over(const Plan& plan, const std::optional<Snapshot>& state);

}  // namespace trunkform::engine
