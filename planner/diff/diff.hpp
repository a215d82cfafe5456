#pragma once
// Desired, prior, live, served and offered → one action with its reason per address: docs/semantics.md, diff.
// Pure and deterministic: same input, same output; time is an argument. Thread-safe.
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "planner/diff/input.hpp"
#include "planner/diff/selection.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::diff {

/// One binding. Never fails: what is wrong is the change's gate and error. `wave` and `binding_digest` are left unset.
PlannedChange diff(const DiffInput& input);

/// Adds to each binding the others that mean the same trunk. `diff_all` does it; for callers that diff one by one.
void find_rivals(std::vector<DiffInput>& bindings);

/// Of `-refresh-only`: nothing is written, and what is told of a write (the way back, the private key) is not.
void leave_as_it_is(PlannedChange& change);

enum class Mode { apply, destroy };

inline void one_by_one(std::size_t count, const std::function<void(std::size_t)>& work) {
  for (std::size_t i = 0; i < count; ++i) work(i);
}

struct DiffAllInput {
  std::vector<DiffInput> bindings{};                           ///< every binding of the configuration, in any order
  const std::map<Address, ResourceRecord>* records = nullptr;  ///< state's; null: no state yet
  const TrunkIndex& trunks;
  Organisation organisation{};
  std::optional<Organisation> pinned_organisation{};
  Selection selection{};
  Mode mode = Mode::apply;
  Instant now{};
  /// Does the work for each index, in any order and on any threads, and returns when all is done.
  std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)> for_each_index = one_by_one;
};

/// All bindings and every record without one, by address. Finds trunks that are bound twice, also by what is not
/// selected; sets `Overrides::replace` from the selection. What is not selected is left out.
std::vector<PlannedChange> diff_all(DiffAllInput input);

}  // namespace trunkform::diff
