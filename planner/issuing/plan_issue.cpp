#include "planner/issuing/plan_issue.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "planner/issuing/told.hpp"
#include "planner/schedule/threshold.hpp"
#include "schemas/codec/ascii_case.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::issuing {
namespace {

constexpr Duration k_between_amiss = std::chrono::hours(24);

Duration margin_of(const IssueInput& input) {
  const auto lifetime = input.stored->lifetime();
  if (input.users.empty()) return schedule::due_margin(lifetime, RotatePolicy{});
  Duration longest{};
  for (const auto* rotate : input.users) longest = std::max(longest, schedule::due_margin(lifetime, *rotate));
  return longest;
}

/// By the issuer's word where it gives one, but never later than the first binding needs it. However early a binding
/// wants the next one, a third of a certificate's life is lived: else each would be renewed as soon as it is there.
Instant renews_on(const IssueInput& input) {
  const auto margin = margin_of(input);
  const auto expiry = input.stored->least_not_after();
  const auto& leaf = input.stored->leaf();
  if (input.window && moment_in(*input.window, leaf) <= expiry - margin) return moment_in(*input.window, leaf);
  // Half as early again: then it waits in the store when a binding needs it.
  const auto early = input.window ? expiry - margin : expiry - margin * 3 / 2;
  return std::max(early, leaf.not_before + (expiry - leaf.not_before) / 3);
}

std::set<std::string> names_in(const CertificateFacts& leaf) {
  std::set<std::string> names;
  for (const auto& name : leaf.names)
    if (name.kind == NameKind::dns || name.kind == NameKind::uri || name.kind == NameKind::ip)
      names.insert(lower_case(name.value));
  return names;
}

bool has_other_names(const IssueInput& input) {
  std::set<std::string> wanted;
  for (const auto& name : input.request.names) wanted.insert(lower_case(name));
  return wanted != names_in(input.stored->leaf());
}

constexpr std::array<std::string_view, 7> k_who{"directory", "mount",       "role",       "issuer_ref",
                                                "url",       "provisioner", "certificate"};

/// Who signs: how one logs in there, or proves one's names, is none of it.
Locator signer_of(Locator issuer) {
  std::erase_if(issuer.arguments, [](const auto& argument) {
    return std::find(k_who.begin(), k_who.end(), argument.first) == k_who.end();
  });
  return issuer;
}

/// Where it is kept: how many versions of it, and what is published beside it, is none of it.
Locator place_in(Locator store) {
  store.arguments.erase("keep");
  store.arguments.erase("public_path");
  return store;
}

IssueTerms signed_terms(const IssueTerms& asked) {
  auto terms = asked;
  terms.issuer = signer_of(asked.issuer);
  terms.store = place_in(asked.store);
  return terms;
}

/// Only of what was issued here is it known who did.
bool has_other_issuer(const IssueInput& input) {
  if (input.record == nullptr || !input.record->last) return false;
  const auto& last = *input.record->last;
  const bool is_ours = last.chain != nullptr && last.chain->identity.leaf == input.stored->identity.leaf;
  return is_ours && signer_of(last.issuer) != signer_of(input.request.issuer);
}

/// A role or a profile of the same authority is another signer too: who reviews is told which it was.
std::string what_changed(const IssueInput& input) {
  const auto before = signer_of(input.record->last->issuer), now = signer_of(input.request.issuer);
  if (before.type != now.type) return fmt::format("it was signed by an issuer of type {} before", before.type);
  std::string told;
  for (const auto name : k_who) {
    const auto was = argument_of(before.arguments, std::string(name)),
               is = argument_of(now.arguments, std::string(name));
    if (was != is)
      told += fmt::format("{}{} was {} and is {}", told.empty() ? "" : "; ", name, was.empty() ? "not given" : was,
                          is.empty() ? "not given" : is);
  }
  return told;
}

const OpenIssue* open_of(const IssueInput& input) {
  return input.record != nullptr && input.record->open ? &*input.record->open : nullptr;
}

/// Its key is not to be signed any more: it is older than the wish to replace what is there, or that of a certificate
/// that was revoked. A run of an earlier `-replace` is gone on with by whoever asks again.
bool is_spoilt(const OpenIssue& open, const IssueInput& input) {
  if (input.asked_before != nullptr) return open.since < input.asked_before->asked;
  return input.forced || (open.reuses_key && input.is_revoked);
}

bool is_gone_on_with(const OpenIssue& open, const IssueInput& input) {
  return fits(open, input.request) && !is_spoilt(open, input);
}

IssueCause cause_of(const IssueInput& input) {
  if (const auto* open = open_of(input); open != nullptr && is_gone_on_with(*open, input)) return IssueCause::resumed;
  if (input.is_forced()) return IssueCause::forced;
  if (input.stored == nullptr) return input.unreadable ? IssueCause::none : IssueCause::first;
  if (input.is_revoked) return IssueCause::revoked;
  if (has_other_names(input)) return IssueCause::names_changed;
  if (!is_of_type(input.stored->leaf().key, input.request.key)) return IssueCause::key_changed;
  if (has_other_issuer(input)) return IssueCause::issuer_changed;
  return input.now >= renews_on(input) ? IssueCause::due : IssueCause::none;
}

/// An authority counts what it signs, or has it paid: it is asked again once a day, and not by every run.
std::optional<Error> signed_amiss(const IssueInput& input, IssueCause cause) {
  if (input.forced || cause == IssueCause::resumed) return std::nullopt;
  if (input.record == nullptr || !input.record->amiss) return std::nullopt;
  const auto& amiss = *input.record->amiss;
  const auto again = amiss.at + k_between_amiss;
  if (input.now >= again || signed_terms(amiss.asked) != signed_terms(input.request)) return std::nullopt;
  return Error(ErrorCode::rejected,
               fmt::format("not asked for again before {}: the issuer signed something else", to_rfc3339(again)),
               fmt::format("on {}: {}", to_rfc3339(amiss.at), amiss.why))
      .of(input.request.address)
      .hint("mend the role or profile at the issuer, or the block")
      .hint("then ask at once: trunkform apply -replace=" + input.request.address);
}

/// What stands in the way counts only where there is something to do; what the store has must be known in any case.
std::optional<Error> error_of(const IssueInput& input, IssueCause cause) {
  if (input.unreadable) return told_of(input.request, *input.unreadable);
  if (cause == IssueCause::none && input.key_lost)
    return told_of(input.request,
                   Error(ErrorCode::not_found, "the store has the certificate, and its key is gone",
                         "what is live stays; a trunk that is to be bound to it cannot be")
                       .hint("put the key back from a backup")
                       .hint("or have another issued in its place: trunkform apply -replace=" + input.request.address)
                       .because(*input.key_lost));
  if (cause == IssueCause::none) return std::nullopt;
  if (input.refused) return told_of(input.request, *input.refused);
  auto amiss = signed_amiss(input, cause);
  if (amiss) return told_of(input.request, std::move(*amiss));
  return std::nullopt;
}

/// A store that is empty where something was put is a folder that is gone, a mount that was made anew, another account:
/// who reviews should know that it is not the first, and that keys are lost with it.
std::optional<std::string> what_is_gone(const IssueInput& input) {
  if (input.record == nullptr || !input.record->last) return std::nullopt;
  const auto issued = to_rfc3339(input.record->last->at);
  if (place_in(input.record->last->store) != place_in(input.request.store))
    return input.stored != nullptr
               ? std::nullopt
               : std::optional(fmt::format("what was issued at {} was put into {}, and stays there with its key",
                                           issued, to_string(input.record->last->store)));
  if (!input.store)
    return fmt::format(
        "what was issued at {} is not to be seen; whether the store has it with its key could not be asked", issued);
  if (input.request.store.arguments.contains("public_path") && input.version)
    return fmt::format(
        "the newest version in the store was deleted, and public_path shows version {}, which bindings are given as "
        "long as the store has it",
        input.version->value);
  return fmt::format("the store is empty, and had what was issued at {}: it is gone there, with its key{}", issued,
                     input.request.reuse_key ? ", so another key is made in spite of reuse_key" : "");
}

bool shows_beside(const IssueInput& input) { return input.request.store.arguments.contains("public_path"); }

/// Somebody wrote the pair alone, or `public_path` is new: the run has it shown first, and then asks again.
std::optional<std::string> what_is_not_shown(const IssueInput& input, IssueCause cause) {
  if (!input.store || !input.store->version || input.store->version == input.version) return std::nullopt;
  if (!shows_beside(input)) return std::nullopt;
  const auto seen = fmt::format("the store has version {}, and public_path shows {}", input.store->version->value,
                                input.version ? "version " + input.version->value : "nothing");
  if (cause == IssueCause::none)
    return fmt::format("{}: bindings are given what is shown. What stands there, and what to do: trunkform doctor",
                       seen);
  return fmt::format(
      "{}: it is shown there first, and {}", seen,
      input.is_forced() ? "then replaced" : "another is issued only where it is not what the block asks for");
}

std::string what_is_shown_instead(const ChainFacts& shown, const IssuedCertificate& last) {
  const auto told = [](const ChainFacts& chain) {
    return fmt::format("serial {}, until {}", chain.leaf().serial, to_rfc3339(chain.least_not_after()));
  };
  return fmt::format(
      "public_path shows another certificate ({}) than was issued at {} and put into the store as version {} ({}): "
      "somebody else wrote there. What was issued decides when it is renewed; trunkform doctor holds the two against "
      "each other",
      told(shown), to_rfc3339(last.at), last.version.value, told(*last.chain));
}

void add_notes(const IssueInput& input, PlannedIssue& planned) {
  if (auto hidden = what_is_not_shown(input, planned.cause); hidden && planned.cause != IssueCause::resumed)
    planned.notes.push_back(std::move(*hidden));
  else if (planned.cause == IssueCause::first || (input.store && !input.store->version))
    if (auto gone = what_is_gone(input)) planned.notes.push_back(std::move(*gone));
  if (planned.cause == IssueCause::issuer_changed) planned.notes.push_back(what_changed(input));
  if (planned.cause == IssueCause::due && input.window && input.now >= input.window->start)
    planned.notes.push_back(fmt::format("the issuer asks for a renewal between {} and {}{}{}",
                                        to_rfc3339(input.window->start), to_rfc3339(input.window->end),
                                        input.window->explanation.empty() ? "" : ": ", input.window->explanation));
  if (planned.cause == IssueCause::due && input.stored != nullptr)
    if (const auto other = other_lifetime(input.request.lifetime, *input.stored))
      planned.notes.push_back(other->words +
                              (other->is_longer
                                   ? ": where the issuer gives what it likes, the next one is as long"
                                   : ": where the issuer cut it, the next one is as short, and renewed as early"));
  if (planned.cause != IssueCause::none)
    planned.notes.insert(planned.notes.end(), input.foretold.begin(), input.foretold.end());
  // Where nothing is to be issued it is a leftover, which has a row of its own.
  if (planned.cause == IssueCause::none || input.record == nullptr || !input.record->open) return;
  const auto& open = *input.record->open;
  if (is_gone_on_with(open, input))
    planned.notes.push_back(fmt::format("a request of {} is gone on with{}", to_rfc3339(open.since),
                                        open.order.empty() ? "" : ": it was ordered already"));
  else
    planned.notes.push_back(fmt::format(
        "a request of {} {}: it is given up, and its key removed{}", to_rfc3339(open.since),
        fits(open, input.request) ? "has a key from before what is to be replaced was known" : "was for something else",
        open.order.empty() ? "" : "; its order is left to lapse at the issuer: " + open.order));
}

}  // namespace

bool fits(const OpenIssue& open, const IssueRequest& request) {
  return signed_terms(open) == signed_terms(request) && (request.reuse_key || !open.reuses_key);
}

std::optional<OtherLifetime> other_lifetime(const std::optional<Duration>& asked, const ChainFacts& given) {
  if (!asked) return std::nullopt;
  const auto lives = given.lifetime();
  // A hundredth: some leave out the last second, and none is exact to the minute. Many begin it an hour ago, for clocks
  // that are late.
  const auto tolerance = *asked / 100;
  const bool is_longer = lives > *asked + std::max<Duration>(tolerance, std::chrono::hours(2));
  if (lives >= *asked - tolerance && !is_longer) return std::nullopt;
  return OtherLifetime{is_longer,
                       fmt::format("it lives {}, and {} were asked for (lifetime)", to_words(lives), to_words(*asked))};
}

Instant moment_in(const RenewalWindow& window, const CertificateFacts& leaf) {
  const auto span = std::chrono::duration_cast<std::chrono::seconds>(window.end - window.start).count();
  if (span <= 0) return window.start;
  const auto digest =
      sha256(leaf.authority_key_id + "." + leaf.serial + "." + to_rfc3339(window.start) + "." + to_rfc3339(window.end));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = (number << 8U) | digest.bytes[i];
  return window.start + std::chrono::seconds(number % static_cast<std::uint64_t>(span));
}

ChainPtr issued_as_shown(const IssueInput& input) {
  if (!shows_beside(input) || input.stored == nullptr || input.record == nullptr || !input.record->last) return nullptr;
  const auto& last = *input.record->last;
  const bool is_it = place_in(last.store) == place_in(input.request.store) && input.version == last.version;
  if (!is_it || last.chain == nullptr || last.chain->identity.leaf == input.stored->identity.leaf) return nullptr;
  return last.chain;
}

PlannedIssue plan_issue(const IssueInput& seen) {
  auto input = seen;
  PlannedIssue planned;
  if (auto issued = issued_as_shown(seen)) {
    planned.notes.push_back(what_is_shown_instead(*seen.stored, *seen.record->last));
    input.stored = std::move(issued);
  }
  planned.request = input.request;
  planned.before = input.stored;
  // What is to be replaced in any case is what is there, and not what is shown of it; where nothing is, nothing.
  const bool is_gone = input.store && !input.store->version;
  planned.replaces = (input.is_forced() && input.store) || is_gone ? input.store->version : input.version;
  planned.window = input.window;
  planned.cause = cause_of(input);
  planned.is_unwanted = input.is_forced();
  planned.error = error_of(input, planned.cause);
  planned.other_issuer = input.stored != nullptr && has_other_issuer(input);
  if (input.stored != nullptr) planned.renews_on = renews_on(input);
  if (const auto* open = open_of(input); open != nullptr)
    (planned.cause == IssueCause::resumed ? planned.resumes : planned.gives_up) = open->request;
  add_notes(input, planned);
  return planned;
}

}  // namespace trunkform::issuing
