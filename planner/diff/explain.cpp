#include "planner/diff/explain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "planner/diff/words.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::diff {
namespace {

std::string trunk_name(const Situation& s) {
  const auto& trunk = s.input.trunk.trunk;
  return trunk != nullptr ? fmt::format("trunk \"{}\"", trunk->name) : to_string(s.binding().trunk);
}

std::string replace_hint(const Situation& s) {
  return fmt::format("to bind what the source offers all the same: `trunkform apply -replace={}`",
                     shell_quoted(s.binding().address));
}

std::string import_hint(const Situation& s, const std::string& id) {
  return fmt::format("`trunkform import {} {}`", shell_quoted(s.binding().address), id);
}

std::string forget_hint(const Situation& s) {
  return fmt::format("`trunkform forget {}`", shell_quoted(s.binding().address));
}

Error trunk_missing(const Situation& s) {
  const auto* record = s.prior;
  if (record == nullptr) {
    auto error = Error(ErrorCode::not_found, fmt::format("{} does not exist", to_string(s.binding().trunk)),
                       "The organisation has no such trunk, or the credentials may not see it.");
    if (const auto& near = s.input.trunk.nearest; !near.empty())
      error.hints.push_back(fmt::format("did you mean \"{}\"?", near));
    return std::move(error).hint(
        "correct `trunk` in the configuration; `trunkform inventory` lists the trunks that the credentials see");
  }
  return Error(ErrorCode::not_found, fmt::format("trunk \"{}\" is gone", record->trunk_name),
               fmt::format("State binds this address to the trunk with id {}, which the service no longer lists.",
                           record->trunk_id.value))
      .hint("if it was deleted for good, remove the binding from the configuration")
      .hint(fmt::format("if it was made anew, find its id with `trunkform inventory`, then {} and {}", forget_hint(s),
                        import_hint(s, "TRUNK_ID")));
}

Error trunk_ambiguous(const Situation& s) {
  std::vector<std::string> ids;
  ids.reserve(s.input.trunk.candidates.size());
  for (const auto& id : s.input.trunk.candidates) ids.push_back(id.value);
  std::sort(ids.begin(), ids.end());
  auto error = Error(ErrorCode::conflict, fmt::format("{} trunks are named {}", ids.size(), trunk_name(s).substr(6)),
                     fmt::format("Their ids are {}. Which one is meant cannot be said by name.", fmt::join(ids, ", ")))
                   .hint("name it by id: `\"trunk\": { \"id\": \"…\" }`");
  return std::move(error).hint(fmt::format("or pin the right one: {}", import_hint(s, "TRUNK_ID")));
}

Error trunk_replaced(const Situation& s) {
  const auto& now = *s.input.trunk.trunk;
  auto error =
      Error(ErrorCode::conflict, fmt::format("trunk \"{}\" was deleted and made anew", now.name),
            fmt::format("State pins the id {}, which is gone; the trunk with id {} has the name now. It may be another "
                        "carrier's, so nothing is sent to it.",
                        s.prior->trunk_id.value, now.id.value));
  // Only a certificate can be imported.
  const auto then = now.certificate.is_certificate() ? import_hint(s, now.id.value) : "`trunkform apply`";
  return std::move(error).hint(fmt::format("if it is the right one: {}, then {}", forget_hint(s), then));
}

Error prevent_destroy(const Situation& s) {
  const auto& record = *s.input.prior;
  return Error(ErrorCode::conflict,
               fmt::format("the configuration names another trunk, and `prevent_destroy` refuses to forget \"{}\"",
                           record.trunk_name),
               fmt::format("Nobody would rotate the certificate of the trunk with id {} any more.",
                           record.trunk_id.value))
      .hint("name the old trunk again, or give the new one a binding of its own")
      .hint(fmt::format("to let the old one go: `trunkform state rm -force {}`", shell_quoted(s.binding().address)));
}

/// `from` is in the state and not in the configuration, `to` the other way round.
std::string renamed_hint(const Address& from, const Address& to) {
  return fmt::format("if the block was renamed: `trunkform state mv {} {}`", shell_quoted(from), shell_quoted(to));
}

Error bound_twice(const Situation& s) {
  if (s.input.bound_twice.empty() && s.input.left_by != nullptr)
    return Error(ErrorCode::conflict, fmt::format("{} is in state under another address", trunk_name(s)),
                 fmt::format("State has it as {}, which the configuration no longer has and `prevent_destroy` keeps.",
                             to_string(*s.input.left_by)))
        .hint(renamed_hint(*s.input.left_by, s.binding().address))
        .hint(
            "if it is another binding, which takes the trunk over: put the old block back, set "
            "`lifecycle.prevent_destroy` to false and apply, before it is removed");
  std::vector<std::string> others;
  others.reserve(s.input.bound_twice.size());
  for (const auto& address : s.input.bound_twice) others.push_back(to_string(address));
  std::sort(others.begin(), others.end());
  return Error(ErrorCode::conflict, fmt::format("{} is bound twice", trunk_name(s)),
               fmt::format("A trunk has one certificate; {} binds it too. Each would undo the other.",
                           fmt::join(others, ", ")))
      .hint("remove one of the bindings, or correct its `trunk`");
}

Error owned_elsewhere(const Situation& s) {
  return Error(ErrorCode::conflict, fmt::format("{} belongs to another state", trunk_name(s)),
               fmt::format("It is bound by {}. Two states would undo each other.", to_string(*s.input.owned_elsewhere)))
      .hint("forget it there first: " + forget_command(*s.input.owned_elsewhere))
      .hint("or remove the binding here");
}

Error live_unknown(const Situation& s) {
  const auto& why = s.observed.why;
  return Error(ErrorCode::unavailable, fmt::format("it is not known which certificate is on {}", trunk_name(s)),
               why.empty() ? "The service does not show it, and nobody looked at the port."
                           : fmt::format("The service does not show it: {}. Nobody looked at the port.", why))
      .hint("look at the port: `trunkform plan -probe`, with `verify.tls.address` in the configuration");
}

Error source_unreachable(const Situation& s) {
  auto error = Error(ErrorCode::unavailable, fmt::format("{} offers nothing that can be used", s.binding().certificate),
                     !s.expiry ? "A certificate is needed from it."
                               : fmt::format("Live ends on {}{}.", to_date(*s.expiry),
                                             s.due || s.expired ? ", and a new certificate is needed" : ""));
  if (s.offer().error) error.causes.push_back(*s.offer().error);
  if (s.offer().no_key) error.causes.push_back(*s.offer().no_key);
  if (is_issue_address(s.binding().certificate))
    return std::move(error).hint(
        fmt::format("mend what keeps {} from being issued, which is an error of its own, then plan again",
                    s.binding().certificate));
  return std::move(error).hint(fmt::format("mend the source ({}), then plan again", source_text(s.binding())));
}

Error quarantined(const Situation& s) {
  const auto& quarantine = *quarantine_of(s);
  return Error(ErrorCode::rejected,
               "the offered chain failed on this trunk, or was rolled back from it, and is quarantined",
               fmt::format("Since {}: {}.", to_rfc3339(quarantine.since), quarantine.reason))
      .hint("offer another chain; the quarantine ends with it")
      .hint(fmt::format("or, when the reason is gone: `trunkform apply -retry -target={}`",
                        shell_quoted(s.binding().address)));
}

Error rule_failed(const Situation& s) {
  Error error(ErrorCode::rejected, "the offered certificate breaks a rule");
  std::vector<std::string> broken;
  for (const auto& finding : *s.input.findings) {
    if (finding.verdict != Verdict::block) continue;
    broken.push_back(finding.clause.empty()
                         ? fmt::format("{}: {}", finding.rule, finding.message)
                         : fmt::format("{}: {} ({})", finding.rule, finding.message, finding.clause));
    if (!finding.mend.empty()) error.hints.push_back(finding.mend);
  }
  error.detail = fmt::format("{}", fmt::join(broken, "; "));
  return std::move(error).hint(
      fmt::format("mend the certificate in its source ({}); `trunkform certificate check` judges "
                  "a file by the same rules",
                  source_text(s.binding())));
}

Error recorded_under_another_name(const Situation& s, const Address& name) {
  return Error(ErrorCode::conflict, fmt::format("{} is in state under another address", trunk_name(s)),
               fmt::format("State has it as {}, which the configuration no longer has. Live is {}, offered is {}.",
                           to_string(name), in_short(*s.observed.chain), in_short(*s.offer().chain)))
      .hint(renamed_hint(name, s.binding().address))
      .hint("if it is another binding, which takes the trunk over: `\"adopt\": true` in the resource");
}

Error unmanaged(const Situation& s) {
  if (s.input.left_by != nullptr) return recorded_under_another_name(s, *s.input.left_by);
  return Error(ErrorCode::conflict, fmt::format("{} has a certificate that trunkform did not put there", trunk_name(s)),
               fmt::format("Live is {}{}; nothing in state says whose it is.", in_short(*s.observed.chain),
                           s.expired ? ", and has expired" : ""))
      .hint("to take the trunk over and replace it: `\"adopt\": true` in the resource")
      .hint(fmt::format("to keep it until it is due, and manage it from now on: {}",
                        import_hint(s, s.input.trunk.trunk != nullptr ? s.input.trunk.trunk->id.value : "TRUNK_ID")));
}

Error older_than_reissue(const Situation& s) {
  const auto &live = s.observed.chain->leaf(), &offered = s.offer().chain->leaf();
  return Error(ErrorCode::conflict, "the source offers a certificate that was issued before the live one",
               fmt::format("Offered is {}, of {}; live is {}, of {}, and ends no earlier. Somebody may have pushed a "
                           "reissue by hand, for instance because a key was lost.",
                           in_short(*s.offer().chain), to_date(offered.not_before), in_short(*s.observed.chain),
                           to_date(live.not_before)))
      .hint(fmt::format("bring the newer certificate to the source ({})", source_text(s.binding())))
      .hint(replace_hint(s));
}

Error older_than_live(const Situation& s) {
  if (relation_of(s) == Relation::sibling) return older_than_reissue(s);
  const auto &offered = *s.offer().chain, &live = *s.observed.chain;
  if (offered.identity.leaf == live.identity.leaf)
    return Error(ErrorCode::conflict,
                 "the source offers the live certificate with a chain that ends before the live one",
                 fmt::format("Offered is {}, in another {}.", in_short(offered), chain_difference(offered, live)))
        .hint(fmt::format("bring the chain that ends later to the source ({})", source_text(s.binding())))
        .hint(replace_hint(s));
  return Error(ErrorCode::conflict, "the source offers a certificate that ends before the live one",
               fmt::format(
                   "Offered is {}, live is {}. Somebody may have pushed a newer one by hand, or the source went back.",
                   in_short(*s.offer().chain), in_short(*s.observed.chain)))
      .hint(fmt::format("bring the newer certificate to the source ({})", source_text(s.binding())))
      .hint(replace_hint(s))
      .hint("if shorter certificates are meant from now on: `\"rotate\": { \"shorter\": \"allow\" }`");
}

Error reverted_outside(const Situation& s) {
  const auto &live = *s.observed.chain, &recorded = *s.prior->chain;
  if (live.identity.leaf == recorded.identity.leaf)
    return Error(ErrorCode::conflict, "somebody rolled this trunk back outside of trunkform",
                 fmt::format("Live is {}, in the chain that trunkform replaced on {}: {}.", in_short(live),
                             to_date(s.prior->bound_at), chain_difference(live, recorded)))
        .hint("find out why before it is changed again: `trunkform history` shows what was done")
        .hint(replace_hint(s));
  return Error(ErrorCode::conflict, "somebody rolled this trunk back outside of trunkform",
               fmt::format("Live is {}, which trunkform replaced by {} on {}.", in_short(*s.observed.chain),
                           in_short(*s.prior->chain), to_date(s.prior->bound_at)))
      .hint("find out why before it is changed again: `trunkform history` shows what was done")
      .hint(replace_hint(s));
}

}  // namespace

Error explain_successor_is_stopped(const Address& left, const Address& successor) {
  return Error(ErrorCode::conflict, fmt::format("{} has this trunk now, and is stopped", to_string(successor)),
               "Until it goes on, what the trunk had before stays recorded here.")
      .of(to_string(left))
      .hint(renamed_hint(left, successor))
      .hint(fmt::format("or mend what stops {}", to_string(successor)));
}

Error explain_wrong_organisation(const Organisation& pinned, const Organisation& now) {
  constexpr auto k_elsewhere = "or work on another state: `trunkform workspace select NAME`";
  if (pinned.by_api && !now.by_api)
    return Error(ErrorCode::denied, "the organisation of the credentials cannot be read",
                 fmt::format(
                     "State was made for \"{}\" ({}). The service does not say whose credentials these are ({}), so "
                     "they might reach the trunks of another organisation.",
                     pinned.name, pinned.id, now.id))
        .hint("give the client a role with the right to read the organisation, as the one had that made the state");
  if (!pinned.by_api && !now.by_api)
    return Error(ErrorCode::conflict, "the credentials are of another client than the state's",
                 fmt::format(
                     "State was made with {}, the credentials are {}. The service hides the organisation of both, "
                     "so they cannot be compared.",
                     pinned.id, now.id))
        .hint(
            "give this client and the state's a role with the right to read the organisation, then apply once with the "
            "state's")
        .hint(k_elsewhere);
  if (!pinned.by_api)
    return Error(ErrorCode::conflict, "whose trunks the state is about cannot be compared",
                 fmt::format(
                     "State was made with {}, which was not allowed to read its organisation; the credentials are "
                     "of \"{}\" ({}).",
                     pinned.id, now.name, now.id))
        .hint(
            "give the client of the state a role with the right to read the organisation, and apply once with it: the "
            "organisation is pinned then")
        .hint(k_elsewhere);
  return Error(ErrorCode::conflict, "the credentials belong to another organisation",
               fmt::format("State was made for \"{}\" ({}), the credentials are of \"{}\" ({}).", pinned.name,
                           pinned.id, now.name, now.id))
      .hint("use the credentials of that organisation, or another workspace: `trunkform workspace select NAME`");
}

Error explain_wrong_organisation(const Address& address, const Organisation& pinned, const Organisation& now) {
  return explain_wrong_organisation(pinned, now).of(to_string(address));
}

Error explain(Gate gate, const Situation& situation) {
  const auto describe = [&]() -> Error {
    switch (gate) {
      case Gate::trunk_missing:
        return trunk_missing(situation);
      case Gate::trunk_ambiguous:
        return trunk_ambiguous(situation);
      case Gate::trunk_replaced:
        return trunk_replaced(situation);
      case Gate::bound_twice:
        return bound_twice(situation);
      case Gate::wrong_organisation:
        return explain_wrong_organisation(situation.binding().address, *situation.input.pinned_organisation,
                                          situation.input.organisation);
      case Gate::owned_elsewhere:
        return owned_elsewhere(situation);
      case Gate::live_unknown:
        return live_unknown(situation);
      case Gate::source_unreachable:
        return source_unreachable(situation);
      case Gate::quarantined:
        return quarantined(situation);
      case Gate::rule_failed:
        return rule_failed(situation);
      case Gate::unmanaged:
        return unmanaged(situation);
      case Gate::older_than_live:
        return older_than_live(situation);
      case Gate::reverted_outside:
        return reverted_outside(situation);
      case Gate::prevent_destroy:
        return prevent_destroy(situation);
      case Gate::stale_configuration:  // a saved plan's, held against the configuration by cmd
      case Gate::none:
        break;
    }
    return Error(ErrorCode::internal, "a gate without words");
  };
  auto error = describe();
  error.address = to_string(situation.binding().address);
  error.source = situation.binding().source;
  return error;
}

}  // namespace trunkform::diff
