#include "planner/diff/forget.hpp"

#include <fmt/format.h>

#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"
#include "planner/diff/words.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::diff {
namespace {

Error explain_prevent_destroy(const ForgetInput& input) {
  const bool asked_for = input.cause == Cause::destroyed;
  auto error =
      Error(ErrorCode::conflict,
            asked_for ? "`prevent_destroy` refuses to forget this binding"
                      : "this binding was removed from the configuration, and `prevent_destroy` refuses to forget it",
            fmt::format("Nobody would rotate the certificate of trunk \"{}\" any more.", input.record.trunk_name))
          .of(to_string(input.record.address))
          .hint(asked_for ? "set `lifecycle.prevent_destroy` to false and apply, then destroy"
                          : "put the binding back; to let it go, set `lifecycle.prevent_destroy` to false and "
                            "apply before it is removed");
  return std::move(error).hint(
      fmt::format("or forget it by hand: `trunkform state rm -force {}`", shell_quoted(input.record.address)));
}

void tell_orphan(const ForgetInput& input, PlannedChange& change) {
  if (input.bound_by != nullptr) {
    change.notes.push_back(
        fmt::format("{} binds the trunk now; if the block was renamed, `trunkform state mv {} {}` "
                    "keeps what is recorded",
                    to_string(*input.bound_by), shell_quoted(input.record.address), shell_quoted(*input.bound_by)));
    return;
  }
  if (!change.effective_expiry) {
    change.notes.emplace_back("the trunk shows no certificate");
    return;
  }
  const auto end = to_date(*change.effective_expiry);
  change.notes.push_back(
      *change.effective_expiry < input.now
          ? fmt::format("warning: the trunk keeps its certificate, which expired on {}", end)
          : fmt::format("the trunk keeps its certificate, which ends on {}; nobody rotates it any more", end));
}

void describe_live(const ForgetInput& input, PlannedChange& change) {
  const auto& sighting = input.trunk->certificate;
  change.trunk_name = input.trunk->name;
  change.trunk_status = input.trunk->status;
  change.evidence = sighting.kind == Sighting::Kind::unknown ? Evidence::state : Evidence::api;
  change.before = sighting.kind == Sighting::Kind::unknown ? input.record.chain : sighting.chain;
  if (change.before) change.effective_expiry = change.before->least_not_after();
}

}  // namespace

PlannedChange forget(const ForgetInput& input) {
  PlannedChange change;
  change.address = input.record.address;
  change.action = Action::forget;
  change.cause = input.cause;
  change.trunk_id = input.record.trunk_id;
  change.trunk_name = input.record.trunk_name;
  if (input.pinned_organisation && !is_organisation_of(*input.pinned_organisation, input.organisation)) {
    change.gate = Gate::wrong_organisation;
    change.error = explain_wrong_organisation(change.address, *input.pinned_organisation, input.organisation);
    return change;
  }
  const bool is_protected =
      input.record.prevent_destroy || (input.binding != nullptr && input.binding->prevent_destroy);
  if (input.trunk == nullptr) {
    change.notes.emplace_back("the trunk is gone too");
  } else {
    describe_live(input, change);
    tell_orphan(input, change);
  }
  if (input.bound_by_is_stopped) {
    change.gate = Gate::bound_twice;
    change.error = explain_successor_is_stopped(change.address, *input.bound_by);
  }
  if (is_protected) {
    change.gate = Gate::prevent_destroy;
    change.error = explain_prevent_destroy(input);
  }
  return change;
}

}  // namespace trunkform::diff
