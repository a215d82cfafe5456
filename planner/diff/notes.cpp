#include "planner/diff/notes.hpp"

#include <fmt/format.h>

#include "planner/diff/diff.hpp"
#include "planner/diff/words.hpp"
#include "planner/schedule/soak.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::diff {
namespace {

using Lookup = TrunkLookup::Kind;
using Notes = std::vector<std::string>;

constexpr std::string_view k_no_rollback =
    "rollback is disabled: `replace_compromised` says that the key before must not come back";

std::string state_says(const Situation& s) { return state_recorded(*s.prior->chain, s.prior->bound_at); }

void add_served(const Situation& s, Notes& notes) {
  const auto& served = s.input.served;
  if (served && served->kind == Sighting::Kind::unknown && s.observed.evidence == Evidence::api)
    notes.push_back(fmt::format("warning: its port was asked, and nobody could see what it serves{}{}",
                                served->why.empty() ? "" : ": ", served->why));
  if (!served || !served->is_certificate() || s.observed.evidence != Evidence::api) return;
  if (s.has_live() && served->chain->identity.leaf == s.observed.chain->identity.leaf) return;
  notes.push_back(fmt::format("warning: the port serves {}, not what the service shows; calls see what is served",
                              in_short(*served->chain)));
}

/// What was last seen behind the port, as long as that certificate is what is live.
void add_look(const Situation& s, Notes& notes) {
  if (s.prior == nullptr || !s.prior->look || s.drifted()) return;
  const auto& look = *s.prior->look;
  const auto seen = fmt::format("{} by {}: {}", to_rfc3339(std::chrono::floor<std::chrono::seconds>(look.at)), look.by,
                                look.evidence);
  if (look.verdict == CheckVerdict::pass) {
    if (look.recorded) notes.emplace_back("verified: recorded " + seen);
    return;
  }
  if (look.verdict == CheckVerdict::fail)
    notes.push_back(fmt::format("warning: the last verification failed: {}; look again: trunkform verify -record {}",
                                seen, shell_quoted(s.binding().address)));
  else
    notes.push_back(
        fmt::format("warning: not verified, inconclusive: {}; a host that reaches the port can record what it "
                    "sees: trunkform verify -record {}",
                    seen, shell_quoted(s.binding().address)));
}

/// Told long before it is needed: what waits may be something that cannot be bound.
std::string of_newer(const Situation& s, const std::string& rotates) {
  if (is_quarantined(s))
    return fmt::format(
        "warning: the offered chain is quarantined on this trunk: {}; offer another, or try it again: "
        "trunkform apply -retry -target={}",
        quarantine_of(s)->reason, shell_quoted(s.binding().address));
  if (s.input.findings != nullptr)
    for (const auto& finding : *s.input.findings)
      if (finding.verdict == Verdict::block)
        return fmt::format("warning: the newer version breaks a rule and cannot be bound: {}", finding.rule);
  return fmt::format("newer version available, rotates on {}", rotates);
}

/// Of an error that stops nothing now.
std::string with_first_hint(const Error& error) {
  return error.summary + (error.hints.empty() ? "" : "; " + error.hints.front());
}

/// What an apply would write into the state alone.
void add_upkeep(const Situation& s, const PlannedChange& change, Notes& notes) {
  if (s.prior == nullptr || change.action != Action::no_op) return;
  if (s.prior->prevent_destroy != s.binding().prevent_destroy)
    notes.emplace_back(s.binding().prevent_destroy
                           ? "prevent_destroy is not in the state yet: the next apply records it"
                           : "prevent_destroy is still in the state: the next apply takes it out");
}

void add_no_op(const Situation& s, const PlannedChange& change, Notes& notes) {
  if (change.action != Action::no_op || change.gate != Gate::none || !s.has_live()) return;
  const auto& no_key = s.offer().no_key;
  if (no_key && change.relation != Relation::same && !change.error)
    notes.push_back(
        fmt::format("warning: what {} offers cannot be bound: {}", s.binding().certificate, with_first_hint(*no_key)));
  const auto rotates = change.rotates_on ? to_date(*change.rotates_on) : std::string();
  if (change.relation == Relation::newer && change.rotates_on) notes.push_back(of_newer(s, rotates));
  if (change.relation == Relation::pending && change.rotates_on)
    notes.push_back(fmt::format("a new certificate will be issued, rotates on {}", rotates));
  const bool same_leaf = s.offers_certificate() && s.observed.chain->identity.leaf == s.offer().chain->identity.leaf;
  const bool is_other_chain = change.relation == Relation::older || change.relation == Relation::sibling;
  if (same_leaf && is_other_chain) {
    notes.push_back(
        fmt::format("the source offers the live certificate in another {}; it is no better, and is not sent "
                    "before the next rotation",
                    chain_difference(*s.offer().chain, *s.observed.chain)));
    return;
  }
  if (change.relation == Relation::older)
    notes.push_back(fmt::format(
        "warning: the source offers {}, which ends before the live certificate and is not bound; to bind it "
        "all the same: trunkform apply -replace={}; for good: `\"rotate\": {{ \"shorter\": \"allow\" }}`",
        in_short(*s.offer().chain), shell_quoted(s.binding().address)));
  if (change.relation == Relation::sibling)
    notes.push_back(fmt::format("the source offers {}, which does not end later; it is not bound before live is due",
                                in_short(*s.offer().chain)));
  if (change.relation == Relation::same && s.input.overrides.replace)
    notes.emplace_back("nothing to replace: the source offers the certificate that is live");
  if (change.relation == Relation::unknown && s.offer().kind == Offer::Kind::unreachable && !change.error) {
    const auto& why = s.offer().error;
    notes.push_back(fmt::format("warning: {} offers nothing that can be used{}{}{}", s.binding().certificate,
                                why ? ": " + to_line(*why) : "",
                                why && !why->hints.empty() ? "; " + why->hints.front() : "",
                                s.due || s.expired ? "" : "; nothing is needed from it yet"));
  }
}

/// Whatever is done about it: what is wrong now is wrong although nothing better is offered.
void add_broken_rules(const Situation& s, Notes& notes) {
  if (!s.has_live() || s.expired || s.input.live_findings == nullptr) return;
  for (const auto& finding : *s.input.live_findings)
    if (finding.verdict == Verdict::block)
      notes.push_back(fmt::format("warning: what is on the trunk breaks the rule {}: {}{}", finding.rule,
                                  finding.message, finding.mend.empty() ? "" : "; " + finding.mend));
}

void add_evidence(const Situation& s, Notes& notes) {
  const auto why = s.observed.why.empty() ? std::string() : ": " + s.observed.why;
  if (s.observed.evidence == Evidence::wire)
    notes.push_back(fmt::format("the service does not show the certificate{}; judged by what the port serves", why));
  if (s.observed.evidence == Evidence::state)
    notes.push_back(fmt::format("warning: nobody saw the live certificate{}; {}", why, state_says(s)));
}

/// What nobody recorded may be recorded before it is replaced; that helps where the source may still have its key.
std::string how_to_keep_live(const Situation& s) {
  const auto* trunk = s.input.trunk.trunk;
  const auto* stored = s.input.stored_versions;
  if (s.prior != nullptr || trunk == nullptr || stored == nullptr || stored->size() < 2) return {};
  if (s.expired || s.observed.evidence != Evidence::api) return {};
  return fmt::format(
      "; the source keeps {} versions: if the live certificate is one of them, record it first, and it stays until it "
      "is due "
      "or -replace is given: trunkform import {} {}",
      stored->size(), shell_quoted(s.binding().address), trunk->id.value);
}

void add_write(const Situation& s, const PlannedChange& change, Notes& notes) {
  if (!change.writes()) return;
  // A reviewer's machine need not have the key, so that this is no gate.
  if (const auto& key = s.offer().key_unreadable)
    notes.push_back(fmt::format("{}, and apply needs it where it runs: {}", k_key_warning, with_first_hint(*key)));
  if (s.binding().replace_compromised)
    notes.emplace_back(k_no_rollback);
  else if (change.no_way_back && s.has_live())
    notes.push_back(fmt::format("{}no earlier certificate of this trunk is known, stored and still valid{}",
                                k_no_way_back, how_to_keep_live(s)));
}

/// An interrupted or stopped run bound it and did not see how it ended.
void add_open_soak(const Situation& s, const PlannedChange& change, Notes& notes) {
  const bool stays =
      s.prior != nullptr && !change.writes() && s.has_live() && s.prior->is_live_as(s.observed.chain->identity);
  if (!stays || !s.binding().verify->tls || !schedule::open_soak(*s.prior, s.binding(), s.input.now)) return;
  notes.push_back(fmt::format("bound on {}, and no run saw the end of its soak: the next apply looks at its port first",
                              to_date(s.prior->bound_at)));
}

void add_due_rollback(const Situation& s, const PlannedChange& change, Notes& notes) {
  if (!s.rollback_is_due() || change.writes()) return;
  notes.push_back("warning: it was about to be rolled back when a run ended, and the next apply does that first: " +
                  s.input.open_intent->record.quarantine->reason);
}

}  // namespace

std::vector<Drift> drift_of(const Situation& s) {
  std::vector<Drift> result;
  const auto* record = s.prior;
  if (record == nullptr) return result;
  if (s.drifted())
    result.push_back(
        {Drift::Kind::certificate, s.has_live() ? live_instead(*s.observed.chain, *s.prior->chain, s.prior->bound_at)
                                                : "no certificate is live; " + state_says(s)});
  const auto lookup = s.input.trunk.kind;
  if (lookup == Lookup::missing || lookup == Lookup::replaced)
    result.push_back({Drift::Kind::trunk_missing,
                      fmt::format("trunk \"{}\" ({}) is gone", record->trunk_name, record->trunk_id.value)});
  const auto* trunk = s.input.trunk.trunk;
  const auto* selected = std::get_if<TrunkByName>(&s.binding().trunk);
  const bool is_followed = trunk != nullptr && selected != nullptr && selected->name == trunk->name;
  if (lookup == Lookup::found && trunk->name != record->trunk_name && !is_followed)
    result.push_back(
        {Drift::Kind::trunk_renamed, fmt::format("trunk \"{}\" is now named \"{}\"", record->trunk_name, trunk->name)});
  return result;
}

bool is_awaiting_source(const Situation& s, Relation relation) { return s.due && relation == Relation::same; }

bool has_failed(const Situation& s) {
  return s.prior != nullptr && s.prior->failure && s.has_live() && s.prior->is_live_as(s.observed.chain->identity);
}

Error explain_failed(const Situation& s) {
  const auto address = to_string(s.binding().address);
  auto error =
      Error(ErrorCode::rejected, "the certificate that is bound here failed its verification, and is still bound",
            fmt::format("on {}: {}", to_date(s.prior->failure->since), s.prior->failure->reason))
          .of(address)
          .at(s.binding().source)
          .hint(fmt::format("see whether it is well by now: trunkform verify {}; the next apply looks too",
                            shell_quoted(address)));
  if (can_roll_back(s))
    error.hints.push_back(
        fmt::format("go back to the earlier certificate: trunkform rollback {}", shell_quoted(address)));
  return std::move(error).hint("or offer another one in its source, then run: trunkform apply");
}

Error explain_awaiting_source(const Situation& s) {
  auto error = Error(ErrorCode::conflict,
                     s.expired ? "live has expired, and the source still offers the same certificate"
                               : "live is about to end, and the source still offers the same certificate",
                     fmt::format("It {} on {}. Sending it again would change nothing.", s.expired ? "ended" : "ends",
                                 to_rfc3339(*s.expiry)))
                   .of(to_string(s.binding().address))
                   .at(s.binding().source);
  if (is_issue_address(s.binding().certificate))
    return std::move(error).hint(
        fmt::format("see why {0} is not renewed: trunkform plan -target={0}", s.binding().certificate));
  return std::move(error).hint(fmt::format("renew the certificate in its source: {}", source_text(s.binding())));
}

void leave_as_it_is(PlannedChange& change) {
  change.action = Action::no_op;
  change.no_way_back = false;
  std::erase_if(change.notes, [](const std::string& note) {
    return note.starts_with(k_no_way_back) || note.starts_with(k_key_warning) || note == k_no_rollback;
  });
}

std::vector<std::string> notes_of(const Situation& s, const PlannedChange& change) {
  Notes notes;
  if (s.input.trunk.repointed && s.input.prior != nullptr)
    notes.push_back(
        fmt::format("the configuration names another trunk: \"{}\" ({}) is forgotten and keeps its certificate",
                    s.input.prior->trunk_name, s.input.prior->trunk_id.value));
  const auto* trunk = s.input.trunk.trunk;
  if (trunk != nullptr && !trunk->status.empty() && !is_healthy_status(trunk->status, s.binding().verify->healthy))
    notes.push_back(fmt::format("warning: the trunk's status is \"{}\"", trunk->status));
  add_served(s, notes);
  add_look(s, notes);
  add_evidence(s, notes);
  add_broken_rules(s, notes);
  add_open_soak(s, change, notes);
  add_due_rollback(s, change, notes);
  if (s.input.asked_before != nullptr)
    notes.push_back((change.writes() ? "" : "warning: ") +
                    asked_by_replace(*s.input.asked_before, s.binding().address));
  add_no_op(s, change, notes);
  add_upkeep(s, change, notes);
  add_write(s, change, notes);
  return notes;
}

}  // namespace trunkform::diff
