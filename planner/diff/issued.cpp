#include "planner/diff/issued.hpp"

#include <fmt/format.h>

#include "planner/diff/steps.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::diff {
namespace {

bool goes_back(const PlannedChange& change, const Offer& offer) {
  return keeps_what_ends_later(change) && change.before != nullptr && change.effective_expiry &&
         effective_expiry(*offer.chain, &offer.path) < *change.effective_expiry;
}

void exclude(PlannedChange& change, Gate gate, Error error) {
  change.gate = gate;
  change.error = std::move(error).of(to_string(change.address));
}

}  // namespace

bool keeps_what_ends_later(const PlannedChange& change) {
  const bool is_wanted = change.cause == Cause::forced || change.cause == Cause::changed ||
                         change.binding->rotate->shorter == Shorter::allow || change.binding->replace_compromised;
  return !is_wanted;
}

bool is_to_come(const PlannedChange& change) {
  return change.writes() && change.after == nullptr && change.relation == Relation::pending;
}

ChainPtr meanwhile_of(const PlannedChange& change, const Offer& in_store, Instant now) {
  const auto& chain = in_store.chain;
  if (chain == nullptr || change.cause == Cause::forced || chain->least_not_after() <= now) return nullptr;
  if (change.before != nullptr && change.before->identity == chain->identity) return nullptr;
  if (change.effective_expiry && effective_expiry(*chain, &in_store.path) <= *change.effective_expiry) return nullptr;
  return chain;
}

void fill_in(PlannedChange& change, const Offer& offer, schedule::WindowRule windows, Instant now) {
  if (offer.chain == nullptr) {
    auto error = Error(ErrorCode::not_found, "source_unreachable: the new certificate cannot be read from its store")
                     .hint("what is live stays; go on with: trunkform apply");
    if (offer.error) error.causes.push_back(*offer.error);
    return exclude(change, Gate::source_unreachable, std::move(error));
  }
  change.after = offer.chain;
  change.version = offer.version;
  change.capability = offer.capability;
  if (goes_back(change, offer))
    return exclude(change, Gate::older_than_live,
                   Error(ErrorCode::rejected, "older_than_live: what was issued ends before what is live does",
                         fmt::format("live ends {}, the new one {}", to_rfc3339(*change.effective_expiry),
                                     to_rfc3339(effective_expiry(*offer.chain, &offer.path))))
                       .hint("if that is meant (shorter lifetimes): \"rotate\": { \"shorter\": \"allow\" }")
                       .hint(fmt::format("or once: trunkform apply -replace={}", shell_quoted(change.address))));
  RotatePolicy policy = change.binding->rotate;
  const bool leaves_a_compromised_key = change.binding->replace_compromised && change.before != nullptr &&
                                        change.before->leaf().key.spki != offer.chain->leaf().key.spki;
  if (leaves_a_compromised_key) policy.min_age = Duration::zero();
  const auto deferral = schedule::defer({.policy = policy,
                                         .effective_expiry = change.effective_expiry,
                                         .offered_since = offer.chain->leaf().not_before,
                                         .windows = windows,
                                         .now = std::max(now, change.not_before.value_or(now))});
  if (!deferral.not_before) return;
  change.not_before = deferral.not_before;
  std::erase_if(change.notes, [](const std::string& note) { return note.starts_with(k_deferred_note); });
  change.notes.push_back(std::string(k_deferred_note) + deferral.cause);
}

}  // namespace trunkform::diff
