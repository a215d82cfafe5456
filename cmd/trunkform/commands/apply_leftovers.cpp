#include "cmd/trunkform/commands/apply_leftovers.hpp"

#include <fmt/format.h>

namespace trunkform::cli {

void leave_unresolved_alone(RecoveredState& state, Plan& plan, bool partial, Reporter& reporter) {
  for (auto& change : plan.changes) {
    const auto found = state.unresolved.find(change.address);
    if (found == state.unresolved.end()) continue;
    change.gate = Gate::live_unknown;
    change.error = found->second;
    state.unresolved.erase(found);
  }
  // An apply of some addresses is not spoilt by the others; it tells of them all the same.
  for (const auto& [address, error] : state.unresolved)
    partial ? reporter.warn(error) : static_cast<void>(reporter.fail(error));
}

std::set<Address> keep_own_rollbacks(RecoveredState& state, Plan& plan) {
  std::map<Address, engine::DueRollback> own;
  for (auto& change : plan.changes) {
    const auto due = state.rollbacks_due.find(change.address);
    if (due == state.rollbacks_due.end() || plan.refresh_only) continue;
    if (!change.binding || !engine::goes_back(due->second, *change.binding)) continue;
    // What is rolled back now tells its own end.
    if (change.gate == Gate::none) change.error.reset();
    own.insert(*due);
  }
  std::set<Address> all;
  for (const auto& [address, due] : state.rollbacks_due) all.insert(address);
  state.rollbacks_due = std::move(own);
  return all;
}

void tell_rollbacks(const RecoveredState& state, const Plan& plan, Reporter& reporter) {
  for (const auto& change : plan.changes)
    if (const auto due = state.rollbacks_due.find(change.address); due != state.rollbacks_due.end() && !change.writes())
      reporter.message(fmt::format("{}: is to be rolled back, as an earlier run was about to: {}",
                                   to_string(change.address), due->second.reason));
}

bool tell_open_soaks(const schedule::SoaksOfRun& soaks, Reporter& reporter) {
  bool may_write = false;
  for (const auto& one : soaks.open) {
    const bool is_left_out = soaks.is_left_out(one);
    may_write = may_write || !is_left_out;
    reporter.message(fmt::format(
        "{}: {}", to_string(one.change->address),
        is_left_out ? "its chain, or the blue trunk of its group, is to go on, and nobody saw the end of its soak: "
                      "that comes first; nothing is changed there"
                    : "the end of its soak is to be seen, which no earlier run did; where it fails, it is rolled "
                      "back as its rollout says"));
  }
  return may_write;
}

}  // namespace trunkform::cli
