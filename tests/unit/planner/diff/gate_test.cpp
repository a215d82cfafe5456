// "Gates on a write, each an error of this address alone", with the way on: docs/semantics.md, diff 4.
#include "tests/unit/planner/diff/gates.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;

TEST_CASE("without any gate the write goes out") {
  DueWorld world;
  const auto change = world.run();
  CHECK(change.gate == Gate::none);
  CHECK(change.writes());
  CHECK_FALSE(change.error);
}

TEST_CASE("trunk_missing: no trunk has the name") {
  DueWorld world;
  world.record.reset();
  world.binding.trunk = TrunkByName{"Trunk Z"};
  const auto change = world.run();
  check(change, Gate::trunk_missing, "trunk \"Trunk Z\" does not exist");
  CHECK(has_hint(change, "trunkform inventory"));
  CHECK(change.trunk_name == "Trunk Z");
}

TEST_CASE("trunk_missing: the pinned trunk was deleted; state is all that is left of it") {
  DueWorld world;
  world.trunks.clear();
  const auto change = world.run();
  check(change, Gate::trunk_missing, "trunk \"Trunk A\" is gone");
  CHECK(has_hint(change, "trunkform forget 'genesys_trunk_certificate.a'"));
  CHECK(change.evidence == Evidence::state);
  REQUIRE(change.drift.size() == 1);
  CHECK(change.drift[0].kind == Drift::Kind::trunk_missing);
}

TEST_CASE("trunk_ambiguous: two trunks have the name and none is pinned") {
  DueWorld world;
  world.record.reset();
  world.trunks.push_back({{"id-b"}, "Trunk A", "1", "active", Sighting::nothing()});
  const auto change = world.run();
  check(change, Gate::trunk_ambiguous, "2 trunks are named \"Trunk A\"");
  CHECK(change.error->detail.find("id-a, id-b") != std::string::npos);
  CHECK(has_hint(change, "trunkform import 'genesys_trunk_certificate.a' TRUNK_ID"));
}

TEST_CASE("trunk_replaced: the pinned id is gone and another trunk has the name") {
  DueWorld world;
  world.trunks[0].id.value = "id-anew";
  const auto change = world.run();
  check(change, Gate::trunk_replaced, "trunk \"Trunk A\" was deleted and made anew");
  CHECK(has_hint(change, "trunkform import 'genesys_trunk_certificate.a' id-anew"));
  CHECK(change.trunk_id == TrunkId{"id-a"});
}

TEST_CASE("trunk_replaced by a trunk without a certificate: there is nothing to import, so apply binds it") {
  DueWorld world;
  world.trunks[0].id.value = "id-anew";
  world.trunks[0].certificate = Sighting::nothing();
  const auto change = world.run();
  check(change, Gate::trunk_replaced, "trunk \"Trunk A\" was deleted and made anew");
  CHECK(has_hint(change, "then `trunkform apply`"));
  CHECK_FALSE(has_hint(change, "trunkform import"));
}

TEST_CASE("bound_twice: another binding has the trunk, so neither may have it") {
  DueWorld world;
  world.bound_twice = {address("b")};
  const auto change = world.run();
  check(change, Gate::bound_twice, "trunk \"Trunk A\" is bound twice");
  CHECK(change.error->detail.find("genesys_trunk_certificate.b") != std::string::npos);
}

TEST_CASE("wrong_organisation: the credentials are of another one, which is said before anything else") {
  DueWorld world;
  world.organisation = {"org-2", "Other", true};
  world.trunks.clear();
  const auto change = world.run();
  check(change, Gate::wrong_organisation, "the credentials belong to another organisation");
  CHECK(change.error->detail.find("\"Example\" (org-1)") != std::string::npos);
  CHECK(has_note(change, "also trunk_missing: trunk \"Trunk A\" is gone"));
}

TEST_CASE("wrong_organisation: one that the service hides cannot be compared, and the error says so") {
  DueWorld world;
  world.organisation = {"api.example/client", "", false};
  const auto change = world.run();
  check(change, Gate::wrong_organisation, "the organisation of the credentials cannot be read");
  CHECK(has_hint(change, "the right to read the organisation"));
}

TEST_CASE(
    "wrong_organisation: a state that is pinned by its client takes over what that client may read, and no other") {
  DueWorld world;
  world.pinned = Organisation{"api.example/client", "", false};
  world.organisation = {"org-1", "Example", true, "api.example/client"};
  CHECK(world.run().gate == Gate::none);
  world.organisation.client = "api.example/another";
  check(world.run(), Gate::wrong_organisation, "whose trunks the state is about cannot be compared");
  world.organisation = {"api.example/another", "", false, "api.example/another"};
  check(world.run(), Gate::wrong_organisation, "the credentials are of another client than the state's");
}

TEST_CASE("a first run pins the organisation instead of comparing it") {
  DueWorld world;
  world.pinned.reset();
  CHECK(world.run().gate == Gate::none);
}

TEST_CASE("owned_elsewhere: another state binds the trunk") {
  DueWorld world;
  world.owned_elsewhere = TrunkOwner{address("z"), "west"};
  const auto change = world.run();
  check(change, Gate::owned_elsewhere, "trunk \"Trunk A\" belongs to another state");
  CHECK(change.error->detail.find("genesys_trunk_certificate.z in workspace \"west\"") != std::string::npos);
  CHECK(change.error->hints.front() ==
        "forget it there first: TRUNKFORM_WORKSPACE=west trunkform forget 'genesys_trunk_certificate.z'");
}

TEST_CASE("what is wrong with the binding itself is an error also where nothing would be written") {
  World world;
  world.owned_elsewhere = TrunkOwner{address("z"), "west"};
  CHECK(world.run().gate == Gate::owned_elsewhere);
  World adopting;
  adopting.record.reset();
  adopting.bound_twice = {address("b")};
  CHECK(adopting.run().gate == Gate::bound_twice);
}

TEST_CASE("live_unknown: nobody can say what would be replaced") {
  DueWorld world;
  world.trunks[0].certificate = Sighting::unclear("the field is missing");
  const auto change = world.run();
  check(change, Gate::live_unknown, "it is not known which certificate is on trunk \"Trunk A\"");
  CHECK(change.error->detail.find("the field is missing") != std::string::npos);
  CHECK(has_hint(change, "trunkform plan -probe"));
  world.overrides.replace = true;
  CHECK(world.run().gate == Gate::live_unknown);
}

TEST_CASE("source_unreachable: a warning until due") {
  World world;
  world.set_unreachable();
  const auto change = world.run();
  CHECK(change.gate == Gate::none);
  CHECK(change.action == Action::no_op);
  CHECK_FALSE(change.error);
  CHECK(has_note(change, "warning: certificate.pem_files.a offers nothing that can be used: a.pem cannot be read"));
}

TEST_CASE("source_unreachable: a warning until due, whatever else is wrong with a healthy trunk") {
  World world;
  world.trunks[0].certificate = Sighting::of(leaf("by_hand", days(70)));
  world.set_unreachable();
  const auto change = world.run();
  CHECK(change.cause == Cause::drifted);
  CHECK(change.action == Action::no_op);
  CHECK(change.gate == Gate::none);
}

TEST_CASE("source_unreachable: an error once due, where nothing is live, and when -replace asks for it") {
  DueWorld world;
  world.set_unreachable();
  auto change = world.run();
  check(change, Gate::source_unreachable, "certificate.pem_files.a offers nothing that can be used");
  REQUIRE(change.error->causes.size() == 1);
  CHECK(change.error->causes[0].summary == "a.pem cannot be read");

  World empty;
  empty.trunks[0].certificate = Sighting::nothing();
  empty.record.reset();
  empty.set_unreachable();
  CHECK(empty.run().gate == Gate::source_unreachable);

  World forced;
  forced.set_unreachable();
  forced.overrides.replace = true;
  CHECK(forced.run().gate == Gate::source_unreachable);
}

TEST_CASE("source_unreachable: a certificate whose key nobody is given is none, once one is needed") {
  const auto no_key = Error(ErrorCode::invalid_input, "ACM does not give the key back").hint("take it from elsewhere");
  DueWorld world;
  world.offer.no_key = no_key;
  auto change = world.run();
  check(change, Gate::source_unreachable, "certificate.pem_files.a offers nothing that can be used");
  REQUIRE(change.error->causes.size() == 1);
  CHECK(change.error->causes[0].summary == no_key.summary);

  World early;
  early.set_offer(leaf("newer", days(88)));
  early.offer.no_key = no_key;
  change = early.run();
  CHECK(change.gate == Gate::none);
  CHECK(change.action == Action::no_op);
  const std::string told = "certificate.pem_files.a offers cannot be bound: ACM does not give the key back; take it";
  CHECK(has_note(change, told));
  early.set_offer(leaf("older", days(60)));
  early.offer.no_key = no_key;
  CHECK(has_note(early.run(), told));

  World bound;  // what is live needs no key
  bound.offer.no_key = no_key;
  CHECK(bound.run().gate == Gate::none);
  CHECK_FALSE(bound.run().error);
  // A version that is recorded is one whose pair can be had again: by it a source is told to have it still.
  bound.record.reset();
  bound.binding.adopt = true;
  CHECK(bound.run().action == Action::adopt);
  CHECK_FALSE(bound.run().version);
}

TEST_CASE("quarantined: the chain that failed on this trunk is not bound again, until it changes or -retry") {
  DueWorld world;
  world.record->quarantine = Quarantine{world.offer.chain->identity, k_now - days(1), "the port did not serve it"};
  const auto change = world.run();
  check(change, Gate::quarantined,
        "the offered chain failed on this trunk, or was rolled back from it, and is quarantined");
  CHECK(change.error->detail == "Since 2026-11-23T12:00:00Z: the port did not serve it.");
  CHECK(has_hint(change, "trunkform apply -retry -target='genesys_trunk_certificate.a'"));

  world.overrides.replace = true;  // a wish to replace is not yet a wish to try that one again
  CHECK(world.run().gate == Gate::quarantined);
  world.overrides = {.retry = true};
  CHECK(world.run().gate == Gate::none);
  world.overrides = {};
  world.set_offer(with_intermediate(world.offer.chain));
  CHECK(world.run().gate == Gate::none);
}

TEST_CASE("rule_failed: every broken rule with its clause and its mending") {
  DueWorld world;
  world.findings = {block("sha1"), {"long_life", Verdict::warn, "", "", ""}, block("no_san")};
  const auto change = world.run();
  check(change, Gate::rule_failed, "the offered certificate breaks a rule");
  CHECK(change.error->detail == "sha1: it is broken (RFC 0000 §0); no_san: it is broken (RFC 0000 §0)");
  CHECK(has_hint(change, "mend it"));
  CHECK(change.findings == world.findings);
  world.findings.erase(world.findings.begin());
  world.findings.pop_back();
  CHECK(world.run().gate == Gate::none);
}

TEST_CASE("unmanaged: another certificate is live and nothing says that it may be replaced") {
  DueWorld world;
  world.record.reset();
  const auto change = world.run();
  check(change, Gate::unmanaged, "trunk \"Trunk A\" has a certificate that trunkform did not put there");
  CHECK(has_hint(change, "\"adopt\": true"));
  CHECK(has_hint(change, "trunkform import 'genesys_trunk_certificate.a' id-a"));
  world.overrides.replace = true;
  CHECK(world.run().gate == Gate::unmanaged);
}

TEST_CASE("no gate hides another: the rest is told in notes") {
  DueWorld world;
  world.findings = {block("sha1")};
  world.set_live(leaf("live", days(20)), false);
  const auto change = world.run();
  CHECK(change.gate == Gate::rule_failed);
  CHECK(has_note(change, "also unmanaged: trunk \"Trunk A\" has a certificate"));
}

TEST_CASE("an address with a quote in its key is quoted for the shell") {
  DueWorld world;
  world.binding.address.key = std::string("it's");
  world.set_offer(leaf("older", days(10)));
  CHECK(has_hint(world.run(), R"(-replace='genesys_trunk_certificate.a["it'\''s"]')"));
}

TEST_CASE("a quarantined chain is told of long before it is needed") {
  World world;
  world.set_offer(leaf("newer", days(88)));
  world.record->quarantine = Quarantine{world.offer.chain->identity, k_now - days(1), "the port did not serve it"};
  const auto change = world.run();
  CHECK(change.action == Action::no_op);
  CHECK(change.gate == Gate::none);
  CHECK(has_note(change, "warning: the offered chain is quarantined on this trunk: the port did not serve it"));
  CHECK_FALSE(has_note(change, "rotates on"));
}

TEST_CASE("an offered certificate that breaks a rule is told of long before it is needed") {
  World world;
  world.set_offer(leaf("newer", days(88)));
  world.findings = {block("sha1")};
  const auto change = world.run();
  CHECK(change.gate == Gate::none);
  CHECK(has_note(change, "warning: the newer version breaks a rule and cannot be bound: sha1"));
}
