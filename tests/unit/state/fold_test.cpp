#include "state/document/fold.hpp"

#include <catch2/catch.hpp>

#include "state/document/history.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using trunkform::state::fold;

namespace {

StateDocument folded(const std::vector<Event>& events, StateDocument document = {}) {
  return fold(std::move(document), events);
}

const ResourceRecord& only(const StateDocument& document) {
  REQUIRE(document.resources.size() == 1);
  return document.resources.begin()->second;
}

std::vector<Identity> history_of(const StateDocument& document) {
  std::vector<Identity> identities;
  for (const auto& entry : only(document).history) identities.push_back(entry.chain->identity);
  return identities;
}

Identity id(const std::string& chain) { return chain_named(chain)->identity; }

}  // namespace

TEST_CASE("a committed outcome binds and puts the chain before it in front of history") {
  const auto document = folded(
      {event_of(1, committed("a", "one")), event_of(2, committed("a", "two")), event_of(3, committed("a", "three"))});
  CHECK(identity_in(document, "a") == id("three"));
  CHECK(history_of(document) == std::vector{id("two"), id("one")});
  CHECK(document.folded_through == 3);
}

TEST_CASE("history keeps five entries and never the same identity twice in a row") {
  std::vector<Event> events;
  Sequence sequence = 0;
  for (const auto* chain : {"1", "1", "2", "2", "3", "4", "5", "6", "7"})
    events.push_back(event_of(++sequence, committed("a", chain)));
  CHECK(history_of(folded(events)) == std::vector{id("6"), id("5"), id("4"), id("3"), id("2")});
}

TEST_CASE("an address that goes to another trunk does not take the old trunk's history along") {
  auto repointed = committed("a", "two");
  repointed.record->trunk_id = TrunkId{"another"};
  const auto document =
      folded({event_of(1, committed("a", "zero")), event_of(2, committed("a", "one")), event_of(3, repointed)});
  CHECK(identity_in(document, "a") == id("two"));
  CHECK(history_of(document).empty());
}

TEST_CASE("events that are in the document already are passed over") {
  auto once = folded({event_of(1, committed("a", "one")), event_of(2, committed("a", "two"))});
  const auto twice = folded({event_of(1, committed("a", "one")), event_of(2, committed("a", "two"))}, once);
  CHECK(identity_in(twice, "a") == id("two"));
  CHECK(history_of(twice) == std::vector{id("one")});
}

TEST_CASE("folding in pieces gives what folding at once gives") {
  std::vector<Event> events{event_of(1, committed("a", "1")), event_of(2, intent_of("a", "2")),
                            event_of(3, committed("a", "2")), event_of(4, Moved{address_of("a"), address_of("b")}),
                            event_of(5, intent_of("b", "3")), event_of(6, Forgotten{address_of("x"), ""}),
                            event_of(7, committed("b", "3")), event_of(8, intent_of("b", "4"))};
  const auto whole = folded(events);
  for (std::size_t cut = 0; cut <= events.size(); ++cut) {
    const std::span all(events);
    const auto pieces = fold(fold({}, all.first(cut)), all.subspan(cut));
    CHECK(identity_in(pieces, "b") == identity_in(whole, "b"));
    CHECK(history_of(pieces) == history_of(whole));
    CHECK(pieces.open_intents == whole.open_intents);
  }
}

TEST_CASE("a trunk that was rolled back keeps its chain and is quarantined for the one that failed") {
  Outcome back{address_of("a"), OutcomeKind::rolled_back, record_of("a", "one"), {}, "no handshake"};
  const auto document =
      folded({event_of(1, committed("a", "one")), event_of(2, intent_of("a", "two")), event_of(3, back)});
  CHECK(identity_in(document, "a") == id("one"));
  CHECK(history_of(document).empty());
  REQUIRE(only(document).quarantine);
  CHECK(only(document).quarantine->identity == id("two"));
  CHECK(only(document).quarantine->reason == "no handshake");
  CHECK(only(document).quarantine->since == at(3));
}

TEST_CASE("a rollback whose intent is in the document already is quarantined as well") {
  Outcome back{address_of("a"), OutcomeKind::rolled_back, std::nullopt, {}, "no handshake"};
  const std::vector<Event> events{event_of(1, committed("a", "one")), event_of(2, intent_of("a", "two")),
                                  event_of(3, back)};
  const auto document = folded(events, folded({events[0], events[1]}));
  REQUIRE(only(document).quarantine);
  CHECK(only(document).quarantine->identity == id("two"));
}

TEST_CASE("a chain that is left because it was bad is no way back") {
  auto earlier = record_of("a", "one");
  earlier.quarantine = Quarantine{id("two"), at(5), "by hand"};
  const auto document = folded({event_of(1, committed("a", "one")), event_of(2, committed("a", "two")),
                                event_of(3, Outcome{address_of("a"), OutcomeKind::rolled_back, earlier, {}, ""})});
  CHECK(identity_in(document, "a") == id("one"));
  CHECK(history_of(document).empty());
  CHECK(state::way_back(only(document), at(10)) == nullptr);
}

TEST_CASE("binding a quarantined chain after all ends its quarantine") {
  auto record = record_of("a", "two");
  record.quarantine = Quarantine{id("two"), at(1), "x"};
  const auto document = folded({event_of(1, Outcome{address_of("a"), OutcomeKind::committed, record, {}, ""})});
  CHECK_FALSE(only(document).quarantine);
}

TEST_CASE("outcomes without a record leave the state as it was and close the intent") {
  for (const auto kind : {OutcomeKind::not_committed, OutcomeKind::failed, OutcomeKind::foreign}) {
    const auto document = folded({event_of(1, committed("a", "one")), event_of(2, intent_of("a", "two")),
                                  event_of(3, Outcome{address_of("a"), kind, std::nullopt, {}, ""})});
    CHECK(identity_in(document, "a") == id("one"));
    CHECK(document.open_intents.empty());
    CHECK_FALSE(only(document).quarantine);
  }
}

TEST_CASE("adopting records, forgetting removes, moving renames") {
  CHECK(identity_in(folded({event_of(1, Adopted{record_of("a", "one"), true})}), "a") == id("one"));
  CHECK(
      folded({event_of(1, committed("a", "one")), event_of(2, Forgotten{address_of("a"), "gone"})}).resources.empty());
  const auto moved = folded({event_of(1, committed("a", "one")), event_of(2, Moved{address_of("a"), address_of("b")})});
  CHECK(only(moved).address == address_of("b"));
  CHECK(identity_in(moved, "b") == id("one"));
}

TEST_CASE("an intent without outcome stays open under its newest name, in the document and in the list") {
  const std::vector<Event> events{event_of(1, intent_of("a", "one")), event_of(2, committed("a", "one")),
                                  event_of(3, intent_of("b", "one")),
                                  event_of(4, Moved{address_of("b"), address_of("c")})};
  CHECK(folded(events).open_intents == std::map<Address, std::uint64_t>{{address_of("c"), 3}});
  const auto open = state::open_intents(events);
  REQUIRE(open.size() == 1);
  CHECK(open[0].sequence == 3);
  CHECK(std::get<Intent>(open[0].body).address == address_of("c"));
}

TEST_CASE("a replacement that never reached the document changes nothing") {
  const auto document = folded({event_of(1, committed("a", "one")), event_of(2, StateReplaced{9, "push"})});
  CHECK(identity_in(document, "a") == id("one"));
}

TEST_CASE("the events of an address include those of its earlier names, and no others") {
  const std::vector<Event> events{event_of(1, committed("a", "one")), event_of(2, committed("z", "one")),
                                  event_of(3, Moved{address_of("a"), address_of("b")}),
                                  event_of(4, committed("a", "two")), event_of(5, committed("b", "three"))};
  std::vector<Sequence> numbers;
  for (const auto& event : state::events_of(events, address_of("b"))) numbers.push_back(event.sequence);
  CHECK(numbers == std::vector<Sequence>{1, 3, 5});
}

TEST_CASE("the way back is the newest entry that has not ended and is not quarantined") {
  const auto document =
      folded({event_of(1, committed("a", "1")), event_of(2, committed("a", "2")), event_of(3, committed("a", "3"))});
  auto record = only(document);
  REQUIRE(state::way_back(record, at(0)) != nullptr);
  CHECK(state::way_back(record, at(0))->chain->identity == id("2"));
  record.quarantine = Quarantine{id("2"), at(0), ""};
  CHECK(state::way_back(record, at(0))->chain->identity == id("1"));
  CHECK(state::way_back(record, at(2'000'000)) == nullptr);
}

namespace {

Verification seen(CheckVerdict served, const std::string& evidence) {
  Verification verification;
  verification.accepted = {CheckVerdict::pass, "the API shows it"};
  verification.served = {served, evidence};
  return verification;
}

Event of_plan(Event event) {
  event.plan = "digest";
  return event;
}

Probed probed(const std::string& name, CheckVerdict served, const std::string& evidence) {
  return {address_of(name), seen(served, evidence)};
}

Outcome verified(const std::string& chain, CheckVerdict served, OutcomeKind kind = OutcomeKind::committed) {
  auto outcome = committed("a", chain);
  outcome.kind = kind;
  outcome.verification = seen(served, "by the run");
  return outcome;
}

}  // namespace

TEST_CASE("what a run saw behind the port stays with the certificate that it bound, and a later look takes its place") {
  const auto run = folded({of_plan(event_of(1, verified("one", CheckVerdict::inconclusive)))});
  REQUIRE(only(run).look);
  CHECK(only(run).look->verdict == CheckVerdict::inconclusive);
  CHECK(only(run).look->evidence == "by the run");
  CHECK_FALSE(only(run).look->recorded);
  const auto later = folded({event_of(2, probed("a", CheckVerdict::pass, "from another host"))}, run);
  CHECK(only(later).look->verdict == CheckVerdict::pass);
  CHECK(only(later).look->evidence == "from another host");
  CHECK(only(later).look->recorded);
  const auto settled = folded({of_plan(event_of(2, probed("a", CheckVerdict::fail, "after the soak")))}, run);
  CHECK(only(settled).look->verdict == CheckVerdict::fail);
  CHECK_FALSE(only(settled).look->recorded);
}

TEST_CASE("a soak that a run saw end badly is a failure, also where the run's log ends there") {
  const auto run = folded({of_plan(event_of(1, verified("one", CheckVerdict::pass)))});
  auto badly = probed("a", CheckVerdict::pass, "when it was bound");
  badly.verification.settled = {CheckVerdict::fail, "serves the one before"};
  const auto ended = folded({of_plan(event_of(2, badly))}, run);
  REQUIRE(only(ended).failure);
  CHECK(only(ended).failure->reason == "serves the one before");
  // Somebody who looks from elsewhere tells what he sees, and decides nothing.
  CHECK_FALSE(only(folded({event_of(2, badly)}, run)).failure);
  badly.verification.settled.verdict = CheckVerdict::inconclusive;
  CHECK_FALSE(only(folded({of_plan(event_of(2, badly))}, run)).failure);
}

TEST_CASE("a look is about one certificate: the next one, and the one that is gone back to, have their own") {
  const auto run = folded({of_plan(event_of(1, verified("one", CheckVerdict::pass)))});
  CHECK_FALSE(only(folded({event_of(2, committed("a", "two"))}, run)).look);
  const auto back = folded({event_of(2, verified("zero", CheckVerdict::fail, OutcomeKind::rolled_back))}, run);
  CHECK(only(back).look->verdict == CheckVerdict::fail);
  // What is probed between an intent and its outcome is not about what the document holds yet.
  const auto open =
      folded({event_of(2, intent_of("a", "two")), event_of(3, probed("a", CheckVerdict::fail, "new"))}, run);
  CHECK(only(open).look->verdict == CheckVerdict::pass);
}

TEST_CASE("without a look at the port there is none, and the evidence that is kept is bounded") {
  const auto api_alone = folded({event_of(1, verified("one", CheckVerdict::not_configured))});
  CHECK_FALSE(only(api_alone).look);
  CHECK(folded({event_of(1, probed("nobody", CheckVerdict::pass, "x"))}).resources.empty());
  std::string evidence(399, 'x');
  for (int i = 0; i < 40; ++i) evidence += "ü";
  const auto cut = folded({event_of(1, committed("a", "one")), event_of(2, probed("a", CheckVerdict::pass, evidence))});
  CHECK(only(cut).look->evidence == std::string(399, 'x') + "…");
}

TEST_CASE("a certificate.issued that was moved keeps what is known of it, and its events") {
  const std::string before = "certificate.issued.a", after = "certificate.issued.b", other = "certificate.issued.c";
  OpenIssue open;
  open.request = "r1";
  const std::vector<Event> events{
      event_of(1, IssueBegun{before, open}),        event_of(2, IssueOrdered{before, "r1", "o", ""}),
      event_of(3, IssueMoved{before, after}),       event_of(4, IssueBegun{before, open}),
      event_of(5, IssueFailed{after, "no answer"}), event_of(6, IssueUnstaged{other, "x", {}})};
  const auto document = folded(events);
  REQUIRE(document.issues.size() == 2);
  CHECK(document.issues.at(after).address == after);
  CHECK(document.issues.at(after).open->order == "o");
  CHECK(document.issues.at(before).open->order.empty());
  std::vector<Sequence> seen;
  for (const auto& event : state::events_of(events, after)) seen.push_back(event.sequence);
  CHECK(seen == std::vector<Sequence>{1, 2, 3, 5});
  CHECK(folded({event_of(7, IssueForgotten{after, "forgotten by hand"})}, document).issues.size() == 1);
}

TEST_CASE("a certificate that was revoked is remembered, and its key where that is known to others") {
  Fingerprint leaf, other, key;
  leaf.bytes[0] = 1;
  other.bytes[0] = 2;
  key.bytes[0] = 3;
  const auto document = folded({event_of(1, IssueRevoked{"certificate.issued.a", leaf, "superseded", {}}),
                                event_of(2, IssueRevoked{"certificate.issued.a", other, "key_compromise", key})});
  CHECK(document.revoked == std::set<Fingerprint>{leaf, other, key});
}

TEST_CASE("what was asked to be revoked counts as revoked, unless its issuer refused") {
  Fingerprint leaf, key;
  leaf.bytes[0] = 1;
  key.bytes[0] = 3;
  const std::string address = "certificate.issued.a";
  const auto asked = folded({event_of(1, IssueRevokeAsked{address, leaf, "key_compromise", key})});
  CHECK(asked.revoked == std::set<Fingerprint>{leaf, key});
  CHECK(folded({event_of(2, IssueRevokeRefused{address, leaf, key, "no"})}, asked).revoked.empty());
  CHECK(folded({event_of(2, IssueRevokeRefused{address, {}, key, "no"})}, asked).revoked ==
        std::set<Fingerprint>{leaf});
}

TEST_CASE("what -replace asked for ends with what is bound in its place, and not with what was taken back") {
  const auto old = id("one").leaf;
  std::vector<Event> events{event_of(1, committed("a", "one")), event_of(2, ReplaceAsked{address_of("a"), old}),
                            event_of(3, intent_of("a", "two"))};
  CHECK(folded(events).replacements.contains(address_of("a")));
  SECTION("bound") {
    events.push_back(event_of(4, committed("a", "two")));
    CHECK(folded(events).replacements.empty());
  }
  SECTION("not bound, failed, and rolled back") {
    for (const auto kind : {OutcomeKind::not_committed, OutcomeKind::failed, OutcomeKind::rolled_back}) {
      Outcome outcome;
      outcome.address = address_of("a");
      outcome.kind = kind;
      events.push_back(event_of(events.back().sequence + 1, outcome));
    }
    CHECK(folded(events).replacements.contains(address_of("a")));
  }
  SECTION("withdrawn") {
    events.push_back(event_of(4, ReplaceWithdrawn{address_of("a"), "no"}));
    CHECK(folded(events).replacements.empty());
  }
}
