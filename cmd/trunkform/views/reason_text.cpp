#include "cmd/trunkform/views/reason_text.hpp"

#include <fmt/format.h>

namespace trunkform::views {

std::string expiry_text(Instant expiry, Instant now) {
  if (expiry < now) return fmt::format("{} (ended {} ago)", to_date(expiry), to_words(now - expiry));
  return fmt::format("{} ({} left)", to_date(expiry), to_words(expiry - now));
}

namespace {

std::string cause_text(const PlannedChange& change, Instant now) {
  const auto left = change.effective_expiry ? expiry_text(*change.effective_expiry, now) : std::string("unknown");
  switch (change.cause) {
    case Cause::not_due:
      return "not due";
    case Cause::resumed:
      return "resumed: a run began here, and its end is not recorded";
    case Cause::forced:
      return change.binding && change.binding->replace_compromised
                 ? "forced: replace_compromised, and the key is another"
                 : "forced: -replace";
    case Cause::new_binding:
      return "new: no certificate is on the trunk";
    case Cause::adopted:
      return "adopted: the trunk has this certificate already";
    case Cause::unmanaged:
      return "unmanaged: the trunk has a certificate that trunkform did not bind";
    case Cause::changed:
      return "changed: the configuration names another source or version";
    case Cause::rule_violated:
      return "rule_violated: what is on the trunk breaks a rule that the new one keeps";
    case Cause::drifted:
      return change.action == Action::adopt ? "drifted: what the source offers was put there outside of trunkform"
                                            : "drifted: the trunk no longer has what was bound";
    case Cause::chain_repair:
      return "chain_repair: the same leaf with a better chain";
    case Cause::due:
      return fmt::format("due{}: {}",
                         change.health == Health::critical || change.health == Health::expired
                             ? fmt::format(", {}", to_string(change.health))
                             : std::string(),
                         left);
    case Cause::available:
      return fmt::format("available: {} certificate is offered, and rotate.when is \"available\"",
                         change.relation == Relation::newer ? "a newer" : "another");
    case Cause::removed:
      return "removed: no longer in the configuration";
    case Cause::destroyed:
      return "destroyed: the state is told to forget it";
  }
  return {};
}

}  // namespace

std::string reason_text(const PlannedChange& change, Instant now) {
  return cause_text(change, now) + (change.action == Action::adopt ? "; only the state is written" : "");
}

}  // namespace trunkform::views
