#include "cmd/engine/replacements.hpp"

namespace trunkform::engine {
namespace {

/// What is live, or in the store, by the plan; none: the plan says nothing about this address.
struct Found {
  Address address;
  std::optional<Fingerprint> leaf;
  bool is_forced = false;
};

std::vector<Found> found_by(const Plan& plan) {
  std::vector<Found> found;
  for (const auto& change : plan.changes) {
    if (!change.binding) continue;
    // What stands in the way now is mended some day: also what is excluded stays wanted.
    const bool is_write = change.action == Action::create || change.action == Action::update;
    // `replace_compromised` stands in the configuration: it is asked for anew by every run.
    found.push_back({change.address, leaf_of(change.before),
                     is_write && change.cause == Cause::forced && !change.binding->replace_compromised});
  }
  for (const auto& issue : plan.issues)
    if (auto address = parse_address(issue.request.address))
      found.push_back({std::move(*address), leaf_of(issue.before), issue.is_unwanted});
  return found;
}

/// What the state last recorded there; none: nothing.
std::optional<Fingerprint> recorded_leaf(const std::optional<Snapshot>& state, const Address& address) {
  if (!state) return std::nullopt;
  const auto record = state->document.resources.find(address);
  if (record != state->document.resources.end()) return leaf_of(record->second.chain);
  const auto issue = state->document.issues.find(to_string(address));
  const bool was_issued = issue != state->document.issues.end() && issue->second.last;
  return was_issued ? leaf_of(issue->second.last->chain) : std::nullopt;
}

const Replacement* known(const std::optional<Snapshot>& state, const Address& address) {
  if (!state) return nullptr;
  const auto at = state->document.replacements.find(address);
  return at == state->document.replacements.end() ? nullptr : &at->second;
}

}  // namespace

std::optional<Fingerprint> leaf_of(const ChainPtr& chain) {
  return chain ? std::optional(chain->identity.leaf) : std::nullopt;
}

const Replacement* still_asked(const std::map<Address, Replacement>& replacements, const Address& address,
                               const std::optional<Fingerprint>& leaf) {
  const auto found = replacements.find(address);
  return found != replacements.end() && found->second.holds(leaf) ? &found->second : nullptr;
}

const Replacement* still_asked(const std::map<Address, Replacement>& replacements, const std::string& certificate,
                               const std::optional<Fingerprint>& leaf) {
  const auto address = parse_address(certificate);
  return address ? still_asked(replacements, *address, leaf) : nullptr;
}

std::vector<EventBody> replacements_asked(const Plan& plan, const std::optional<Snapshot>& state, PlanOrigin origin) {
  std::vector<EventBody> asked;
  for (auto& [address, leaf, is_forced] : found_by(plan)) {
    const auto* before = known(state, address);
    const auto recorded = recorded_leaf(state, address);
    const bool is_over = before != nullptr || (recorded && recorded != leaf);
    if (origin == PlanOrigin::file && is_over) continue;
    if (is_forced && (before == nullptr || !before->holds(leaf))) asked.emplace_back(ReplaceAsked{address, leaf});
  }
  return asked;
}

std::vector<EventBody> replacements_over(const Plan& plan, const std::optional<Snapshot>& state) {
  std::vector<EventBody> over;
  for (auto& [address, leaf, is_forced] : found_by(plan)) {
    const auto* before = known(state, address);
    // Where nobody could see what is there, nobody knows.
    if (before != nullptr && !is_forced && leaf && !before->holds(leaf))
      over.emplace_back(ReplaceWithdrawn{address, "another certificate is there by now"});
  }
  return over;
}

}  // namespace trunkform::engine
