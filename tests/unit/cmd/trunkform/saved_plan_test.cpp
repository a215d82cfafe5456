#include "cmd/trunkform/saved_plan.hpp"

#include <catch2/catch.hpp>

#include "schemas/codec/plan_codec.hpp"

using namespace trunkform;

namespace {

Binding binding_named(const std::string& name) {
  Binding binding;
  binding.address.type = "genesys_trunk_certificate";
  binding.address.name = name;
  binding.trunk = TrunkByName{name};
  binding.locator = Locator{"pem_files", {{"chain", name + ".pem"}}};
  return binding;
}

PlannedChange update_of(const Binding& binding) {
  PlannedChange change;
  change.address = binding.address;
  change.action = Action::update;
  change.binding = binding;
  change.binding_digest = binding_digest(binding);
  return change;
}

Plan plan_of(std::vector<PlannedChange> changes) {
  Plan plan;
  plan.service = "https://api.example.com";
  plan.organisation = {"org-1", "Example", true};
  plan.changes = std::move(changes);
  return plan;
}

std::optional<Snapshot> state_of(const std::string& lineage) {
  return Snapshot{StateDocument{}, StateToken{lineage, 3}, false};
}

Result<> check(const Plan& plan, const std::optional<Snapshot>& state) {
  return cli::check_plan_as_a_whole(plan, state, {"org-1", "Example", true}, "https://api.example.com");
}

}  // namespace

TEST_CASE("a plan belongs to one service, one organisation and one state") {
  auto plan = plan_of({});
  plan.state = StateToken{"lineage-1", 2};
  CHECK(check(plan, state_of("lineage-1")));
  const auto other = check(plan, state_of("lineage-2"));
  REQUIRE_FALSE(other);
  CHECK(other.error().summary == "the plan was made for another state");
  const auto gone = check(plan, std::nullopt);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().detail.find("there is no state") != std::string::npos);
  plan.organisation.id = "org-2";
  CHECK(check(plan, state_of("lineage-1")).error().summary == "the plan was made for another organisation");
  plan.service = "https://api.elsewhere.example";
  CHECK(check(plan, state_of("lineage-1")).error().summary == "the plan was made for another service");
}

TEST_CASE("a plan made before there was a state finishes what its first run began") {
  CHECK(check(plan_of({}), std::nullopt));
  CHECK(check(plan_of({}), state_of("made-by-the-first-run")));
}

TEST_CASE("other runs' writes do not make a plan stale as a whole") {
  auto plan = plan_of({});
  plan.state = StateToken{"lineage-1", 2};
  auto later = state_of("lineage-1");
  later->token.serial = 99;
  CHECK(check(plan, later));
}

TEST_CASE("a binding that was changed after the review is left out, and only that one") {
  language::Configuration configuration;
  auto changed = binding_named("a");
  changed.rollout.edit().canary = 7;
  configuration.bindings = {changed, binding_named("b")};
  auto plan = plan_of({update_of(binding_named("a")), update_of(binding_named("b")), update_of(binding_named("gone"))});
  cli::check_plan_by_address(plan, configuration);
  CHECK(plan.changes[0].gate == Gate::stale_configuration);
  CHECK(plan.changes[1].gate == Gate::none);
  CHECK(plan.changes[2].gate == Gate::stale_configuration);
  REQUIRE(plan.changes[2].error);
  CHECK(plan.changes[2].error->detail == "it is no longer in the configuration");
}

TEST_CASE("what the plan would do is compared, not what it says about itself") {
  language::Configuration configuration;
  configuration.bindings = {binding_named("a")};
  auto forged = update_of(binding_named("a"));
  forged.binding->locator.edit().arguments["chain"] = "/somewhere/else.pem";
  auto plan = plan_of({forged});
  cli::check_plan_by_address(plan, configuration);
  CHECK(plan.changes[0].gate == Gate::stale_configuration);
}

TEST_CASE("an address that is configured again is not forgotten by an old plan") {
  language::Configuration configuration;
  configuration.bindings = {binding_named("a")};
  PlannedChange forget;
  forget.action = Action::forget;
  forget.address = binding_named("a").address;
  auto again = plan_of({forget});
  cli::check_plan_by_address(again, configuration);
  CHECK(again.changes[0].gate == Gate::stale_configuration);
  auto still_gone = plan_of({forget});
  cli::check_plan_by_address(still_gone, {});
  CHECK(still_gone.changes[0].gate == Gate::none);
}
