#include "planner/schedule/waves.hpp"

#include <map>

#include <catch2/catch.hpp>

#include "planner/schedule/soak.hpp"
#include "tests/unit/planner/schedule/recorded_fleet.hpp"

using namespace trunkform;
using std::chrono::minutes;
using std::chrono::seconds;
using trunkform::testing::chain;

namespace {

struct Trunk {
  std::string name;
  std::string carrier = "a";
  std::uint8_t chain_number = 1;
  int canary = 1;
  int wave_size = 10;
};

PlannedChange change(const Trunk& trunk) {
  PlannedChange result;
  result.address = {{}, "genesys_trunk_certificate", trunk.name, {}};
  result.action = Action::update;
  result.binding.emplace();
  result.binding->carrier.edit().label = trunk.carrier;
  result.binding->rollout.edit().canary = trunk.canary;
  result.binding->rollout.edit().wave_size = trunk.wave_size;
  result.after = chain(trunk.chain_number);
  return result;
}

std::vector<PlannedChange> changes(const std::vector<Trunk>& trunks) {
  std::vector<PlannedChange> result;
  for (const auto& trunk : trunks) result.push_back(change(trunk));
  return result;
}

/// `a*: t1 | a: t2 t3 | b*: …`; a star marks a canary.
std::string drawn(const std::vector<Wave>& waves) {
  std::string text;
  for (const auto& wave : waves) {
    text += (text.empty() ? "" : " | ") + wave.carrier + (wave.canary ? "*:" : ":");
    for (const auto& address : wave.addresses) text += " " + address.name;
  }
  return text;
}

std::string planned(std::vector<PlannedChange> all) { return drawn(schedule::waves(all)); }

}  // namespace

TEST_CASE("one canary goes first, then waves of wave_size") {
  CHECK(planned(changes({{.name = "t1", .wave_size = 2},
                         {.name = "t2", .wave_size = 2},
                         {.name = "t3", .wave_size = 2},
                         {.name = "t4", .wave_size = 2}})) == "a*: t1 | a: t2 t3 | a: t4");
}

TEST_CASE("each chain on a carrier has its canary before the carrier's rest moves, in the carrier's order") {
  CHECK(planned(changes({{.name = "t1", .chain_number = 1},
                         {.name = "t2", .chain_number = 2},
                         {.name = "t3", .chain_number = 2},
                         {.name = "t4", .chain_number = 1}})) == "a*: t1 | a*: t2 | a: t3 t4");
}

TEST_CASE("the same chain on two carriers has two canaries, and carriers stand side by side") {
  CHECK(planned(changes({{.name = "t1", .carrier = "b"},
                         {.name = "t2", .carrier = "a"},
                         {.name = "t3", .carrier = "b"},
                         {.name = "t4", .carrier = "a"}})) == "b*: t1 | b: t3 | a*: t2 | a: t4");
}

TEST_CASE("a canary of zero means none, of two means two") {
  CHECK(planned(changes({{.name = "t1", .canary = 0}, {.name = "t2", .canary = 0}})) == "a: t1 t2");
  CHECK(planned(changes({{.name = "t1", .canary = 2}, {.name = "t2", .canary = 2}, {.name = "t3", .canary = 2}})) ==
        "a*: t1 t2 | a: t3");
}

TEST_CASE("what may start earlier comes earlier, and the rest keeps its order") {
  auto all = changes({{.name = "t1"}, {.name = "t2"}, {.name = "t3"}});
  all[0].not_before = *parse_rfc3339("2026-11-28T02:00:00Z");
  CHECK(planned(all) == "a*: t2 | a: t3 t1");
}

TEST_CASE("only writes are in waves, and each change knows its wave") {
  auto all = changes({{.name = "no_op"}, {.name = "gated"}, {.name = "t1"}, {.name = "t2"}});
  all[0].action = Action::no_op;
  all[0].wave = 7;
  all[1].gate = Gate::rule_failed;
  CHECK(drawn(schedule::waves(all)) == "a*: t1 | a: t2");
  CHECK(all[0].wave == -1);
  CHECK(all[1].wave == -1);
  CHECK(all[2].wave == 0);
  CHECK(all[3].wave == 1);
  CHECK(schedule::requests(all) == 6);
}

TEST_CASE("a carrier's trunks under two rollout blocks do not share a wave after the canary") {
  auto all = changes({{.name = "t1"}, {.name = "t2"}, {.name = "t3"}, {.name = "t4"}});
  all[2].binding->rollout.edit().soak = minutes(60);
  CHECK(planned(all) == "a*: t1 | a: t2 t4 | a: t3");
  const auto waves = schedule::waves(all);
  CHECK(waves[1].soak == minutes(10));
  CHECK(waves[2].soak == minutes(60));
}

TEST_CASE("certificates that are still to be issued are told apart by their declaration") {
  auto all = changes({{.name = "t1"}, {.name = "t2"}, {.name = "t3"}});
  for (auto& each : all) each.after = nullptr;
  all[0].binding->certificate = all[1].binding->certificate = "certificate.issued.x";
  all[2].binding->certificate = "certificate.issued.y";
  CHECK(planned(all) == "a*: t1 | a*: t3 | a: t2");
}

TEST_CASE("a wave size that makes no sense still moves one trunk at a time") {
  CHECK(planned(changes({{.name = "t1", .canary = -1, .wave_size = 0},
                         {.name = "t2", .canary = -1, .wave_size = 0}})) == "a: t1 | a: t2");
}

TEST_CASE("every write is in exactly one wave, whatever the mixture") {
  std::vector<Trunk> trunks;
  for (int i = 0; i < 500; ++i)
    trunks.push_back({.name = "t" + std::to_string(i),
                      .carrier = std::string(1, static_cast<char>('a' + i % 7)),
                      .chain_number = static_cast<std::uint8_t>(i % 11),
                      .canary = i % 3,
                      .wave_size = 1 + i % 5});
  auto all = changes(trunks);
  const auto waves = schedule::waves(all);
  std::map<Address, int> seen;
  for (std::size_t w = 0; w < waves.size(); ++w)
    for (const auto& address : waves[w].addresses) REQUIRE(seen.emplace(address, static_cast<int>(w)).second);
  REQUIRE(seen.size() == all.size());
  for (const auto& each : all) CHECK(seen.at(each.address) == each.wave);
}

TEST_CASE("the estimate is the slowest carrier: staggers within waves, soaks between and after them") {
  // Canary, soak 10; then three trunks with two staggers of 3, soak 10.
  auto all = changes({{.name = "t1"}, {.name = "t2"}, {.name = "t3"}, {.name = "t4"}, {.name = "u", .carrier = "b"}});
  const auto waves = schedule::waves(all);
  CHECK(schedule::estimate(waves) == minutes(10 + 6 + 10));
  CHECK(schedule::estimate(waves, seconds(20)) == minutes(26) + seconds(80));
  CHECK(schedule::estimate({}) == Duration::zero());
}

TEST_CASE("the soaks that earlier runs left open come first, each on its carrier") {
  auto all = changes({{.name = "t1"}, {.name = "t2"}, {.name = "u", .carrier = "b"}});
  const auto waves = schedule::waves(all);
  CHECK(schedule::estimate(waves, Duration::zero(), {{"a", minutes(7)}}) == minutes(7 + 10 + 10));
  CHECK(schedule::estimate(waves, Duration::zero(), {{"b", minutes(7)}}) == minutes(20));
  CHECK(schedule::estimate({}, Duration::zero(), {{"c", minutes(7)}}) == minutes(7));
}

TEST_CASE("what is held back is in no wave, and costs no request") {
  auto all = changes({{.name = "t1"}, {.name = "t2"}});
  all[0].held_back = true;
  CHECK(drawn(schedule::waves(all)) == "a*: t2");
  CHECK(all[0].wave == -1);
  CHECK(schedule::requests(all) == 3);
}

TEST_CASE("the stagger holds between waves too, where the soak is shorter") {
  auto all = changes({{.name = "t1"}, {.name = "t2"}});
  for (auto& each : all) each.binding->rollout.edit().soak = minutes(1);
  CHECK(schedule::estimate(schedule::waves(all)) == minutes(3 + 1));
}

TEST_CASE("a chain that was seen behind a port of its carrier needs no canary there, and one that was not still does") {
  auto all = changes({{"t1"}, {"t2"}, {"u1", "a", 2}, {"u2", "a", 2}, {"v1", "b"}, {"v2", "b"}});
  const schedule::ProvenChains proven{{"a", chain(1)->identity.chain}};
  CHECK(drawn(schedule::waves(all, proven)) == "a*: u1 | a: t1 t2 u2 | b*: v1 | b: v2");
}

TEST_CASE("a look proves a chain when it passed, and not before the soak was over") {
  Binding binding;
  binding.address = {{}, "genesys_trunk_certificate", "t1", {}};
  binding.carrier.edit().label = "a";
  binding.rollout.edit().soak = minutes(10);
  ResourceRecord record;
  record.chain = chain(1);
  record.bound_at = parse_rfc3339("2026-11-24T12:00:00Z").value();
  const auto proves = [&](CheckVerdict verdict, Duration after) {
    record.look = LastLook{verdict, record.bound_at + after, "ops@host", "", true, false};
    schedule::ProvenChains proven;
    schedule::add_proof(proven, binding, {{binding.address, record}});
    return proven.contains({"a", chain(1)->identity.chain});
  };
  CHECK(proves(CheckVerdict::pass, minutes(10)));
  CHECK_FALSE(proves(CheckVerdict::pass, minutes(9)));
  CHECK_FALSE(proves(CheckVerdict::inconclusive, minutes(20)));
  CHECK_FALSE(proves(CheckVerdict::fail, minutes(20)));
  record.look.reset();
  schedule::ProvenChains none;
  schedule::add_proof(none, binding, {{binding.address, record}});
  schedule::add_proof(none, binding, {});
  CHECK(none.empty());
}
