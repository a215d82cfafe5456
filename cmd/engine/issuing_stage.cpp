#include "cmd/engine/issuing_stage.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "cmd/engine/side_by_side.hpp"
#include "planner/diff/issued.hpp"
#include "planner/diff/steps.hpp"

namespace trunkform::engine {
namespace {

KnownIssue known_of(const std::optional<Snapshot>& state, const std::string& address) {
  if (!state) return {};
  const auto found = state->document.issues.find(address);
  return {found == state->document.issues.end() ? nullptr : &found->second, &state->document.revoked};
}

using ByIssuer = std::vector<std::vector<const PlannedIssue*>>;

ByIssuer by_issuer(const Plan& plan) {
  std::map<Locator, std::vector<const PlannedIssue*>> groups;
  for (const auto& issue : plan.issues)
    if (issue.issues()) groups[issue.request.issuer].push_back(&issue);
  ByIssuer result;
  result.reserve(groups.size());
  for (auto& [issuer, issues] : groups) result.push_back(std::move(issues));
  return result;
}

Error not_issued(const IssueOutcome& outcome) {
  const bool waits = outcome.kind == IssueOutcome::Kind::pending;
  Error error(ErrorCode::unavailable, fmt::format("source_unreachable: {} {}", outcome.address,
                                                  waits ? "is ordered and not signed yet" : "could not be issued"));
  error.hints.emplace_back("what is live stays on the trunk; go on with: trunkform apply");
  return error;
}

void keep_from_writing(PlannedChange& change, Error error) {
  change.gate = Gate::source_unreachable;
  change.error = std::move(error).of(to_string(change.address));
}

/// An issuer that is down keeps nobody from what the store has had all along, if whoever approved the plan saw that.
bool was_planned_meanwhile(const PlannedChange& change, const Offer& offer) {
  return change.meanwhile != nullptr && offer.chain != nullptr && offer.chain->identity == change.meanwhile->identity;
}

/// An earlier apply of the same plan bound it: that is live now, and what is issued is held against its end.
void take_up_meanwhile(PlannedChange& change, const std::optional<Snapshot>& state) {
  const auto* record = recorded(state, change.address);
  if (change.meanwhile == nullptr || record == nullptr || record->chain == nullptr) return;
  if (record->chain->identity != change.meanwhile->identity) return;
  change.effective_expiry = diff::effective_expiry(*record->chain, nullptr);
}

void count(const IssueOutcome& outcome, IssuingSummary& summary) {
  using Kind = IssueOutcome::Kind;
  switch (outcome.kind) {
    case Kind::issued:
      ++summary.issued;
      break;
    case Kind::there_already:
      ++summary.there_already;
      break;
    case Kind::pending:
      ++summary.pending;
      break;
    case Kind::failed:
      ++summary.failed;
  }
  if (outcome.error) summary.errors.push_back(*outcome.error);
  summary.warnings.insert(summary.warnings.end(), outcome.warnings.begin(), outcome.warnings.end());
}

}  // namespace

IssuingSummary issue_all(const Context& context, const IssuingHands& hands, Plan& plan,
                         const std::optional<Snapshot>& state) {
  const auto groups = by_issuer(plan);
  std::map<std::string, IssueOutcome> outcomes;
  std::mutex turn;
  const auto is_over = [&] {
    return context.stop.stop_requested() || (context.deadline && hands.clock.now() >= *context.deadline);
  };
  side_by_side(groups.size(), groups.size(), 1, [&](std::size_t i) {
    // Whom the issuer keeps waiting once, it will keep waiting again: trunks that need none of it wait behind this.
    auto patience = k_issuing_patience;
    for (const auto* issue : groups[i]) {
      if (is_over()) return;
      auto outcome = issue_certificate(context, hands, *issue, known_of(state, issue->request.address), patience);
      if (outcome.kind == IssueOutcome::Kind::pending) patience = Duration::zero();
      const std::scoped_lock guard(turn);
      outcomes.emplace(issue->request.address, std::move(outcome));
    }
  });
  IssuingSummary summary;
  for (const auto& [address, outcome] : outcomes) count(outcome, summary);
  const auto windows = plan.ignore_window ? schedule::WindowRule::ignore : schedule::WindowRule::honour;
  for (auto& change : plan.changes) {
    if (!diff::is_to_come(change)) continue;
    const auto outcome = outcomes.find(change.binding->certificate);
    if (outcome == outcomes.end()) {
      keep_from_writing(change, Error(ErrorCode::cancelled, fmt::format("source_unreachable: {} was not issued: the "
                                                                        "run was asked to stop, or its time was over",
                                                                        change.binding->certificate))
                                    .hint("go on with: trunkform apply"));
      continue;
    }
    const bool is_there = !outcome->second.error && outcome->second.kind != IssueOutcome::Kind::pending;
    const auto offer = hands.sources.offer_for(context, *change.binding);
    take_up_meanwhile(change, state);
    if (is_there || was_planned_meanwhile(change, *offer))
      diff::fill_in(change, *offer, windows, hands.clock.now());
    else
      keep_from_writing(change, not_issued(outcome->second));
  }
  return summary;
}

}  // namespace trunkform::engine
