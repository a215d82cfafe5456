// health × relation × cause × gates, generated, against semantics.table, which was written from the specification and
// knows nothing of the code.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/unit/planner/diff/world.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;

namespace {

using Facts = std::map<std::string, std::string>;

struct Condition {
  std::string key;
  bool wanted = true;
  std::vector<std::string> values;
};

struct Row {
  std::string decides;
  std::string value;
  std::vector<Condition> conditions;
  mutable std::size_t used = 0;
  int line = 0;
};

Condition parse_condition(const std::string& text) {
  const auto equals = text.find('=');
  Condition condition;
  condition.wanted = text[equals - 1] != '!';
  condition.key = text.substr(0, condition.wanted ? equals : equals - 1);
  std::stringstream values(text.substr(equals + 1));
  for (std::string value; std::getline(values, value, '|');) condition.values.push_back(value);
  return condition;
}

std::vector<Row> read_table() {
  std::ifstream file("tests/unit/planner/diff/semantics.table");
  REQUIRE(file);
  std::vector<Row> rows;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    std::stringstream words(line.substr(0, line.find('#')));
    Row row;
    row.line = number;
    if (!(words >> row.decides >> row.value)) continue;
    for (std::string word; words >> word;) row.conditions.push_back(parse_condition(word));
    rows.push_back(row);
  }
  return rows;
}

std::string decided(const std::vector<Row>& rows, const std::string& what, const Facts& facts) {
  for (const auto& row : rows) {
    const bool holds =
        row.decides == what && std::all_of(row.conditions.begin(), row.conditions.end(), [&](const auto& c) {
          const auto& value = facts.at(c.key);
          return (std::find(c.values.begin(), c.values.end(), value) != c.values.end()) == c.wanted;
        });
    if (!holds) continue;
    ++row.used;
    return row.value;
  }
  return "no row";
}

const std::vector<std::pair<std::string, std::vector<std::string>>> k_dimensions = {
    {"live", {"healthy", "due", "critical", "expired", "rule_violated", "none", "unknown"}},
    {"offer", {"same", "newer", "older", "shorter", "sibling", "better_chain", "pending", "unreachable"}},
    {"prior", {"none", "recorded", "drifted", "reverted"}},
    {"command", {"plain", "forced", "resumed", "both"}},
    {"locator", {"same", "other"}},
    {"when", {"due", "available"}},
    {"adopt", {"no", "yes"}},
    {"shorter", {"refuse", "allow"}},
    {"trouble",
     {"none", "wrong_organisation", "trunk_missing", "trunk_ambiguous", "trunk_replaced", "bound_twice",
      "owned_elsewhere", "quarantined", "rule_failed"}},
};

/// Combinations that no world can show.
bool can_be(const Facts& f) {
  const auto is = [&](const char* key, std::initializer_list<const char*> values) {
    return std::any_of(values.begin(), values.end(), [&](const char* value) { return f.at(key) == value; });
  };
  if (is("live", {"none"}) && is("offer", {"same", "older", "shorter", "sibling", "better_chain"})) return false;
  if (is("live", {"none"}) && is("prior", {"recorded", "reverted"})) return false;    // nothing live is drift
  if (is("live", {"unknown"}) && is("prior", {"drifted", "reverted"})) return false;  // nobody can say
  if (is("prior", {"none"}) && is("locator", {"other"})) return false;
  if (is("prior", {"none"}) && is("trouble", {"quarantined", "trunk_replaced"})) return false;
  if (!is("prior", {"none"}) && is("trouble", {"trunk_ambiguous"})) return false;  // a pinned id is not ambiguous
  return true;
}

Duration time_left(const std::string& live) {
  if (live == "due") return days(20);
  if (live == "critical") return days(5);
  if (live == "expired") return -days(1);
  return days(80);
}

void set_offer(World& world, const std::string& offer, const ChainPtr& live, Duration left) {
  if (offer == "pending") return world.set_pending();
  if (offer == "unreachable") return world.set_unreachable();
  if (offer == "same") return world.set_offer(live);
  if (offer == "newer") return world.set_offer(leaf("newer", days(88)));
  if (offer == "older") return world.set_offer(leaf("older", left - days(1)));
  if (offer == "shorter") return world.set_offer(leaf("shorter", left - days(1), days(45)));
  if (offer == "sibling") return world.set_offer(leaf("sibling", left, days(91)));
  world.set_offer(with_intermediate(live));
}

void set_prior(World& world, const std::string& prior, const ChainPtr& live) {
  world.record.reset();
  if (prior == "none") return;
  world.record = world.recorded(prior == "recorded" ? live : leaf("recorded", days(70)));
  if (prior == "reverted") world.record->history.push_back({live, world.binding.locator, VersionId{"v-1"}, k_now, ""});
}

void make_trouble(World& world, const std::string& trouble) {
  if (trouble == "wrong_organisation") world.organisation.id = "org-2";
  if (trouble == "trunk_missing") world.trunks.clear();
  if (trouble == "trunk_ambiguous") world.trunks.push_back({{"id-b"}, "Trunk A", "1", "active", Sighting::nothing()});
  if (trouble == "trunk_replaced") world.trunks[0].id.value = "id-anew";
  if (trouble == "bound_twice") world.bound_twice.push_back(address("b"));
  if (trouble == "owned_elsewhere") world.owned_elsewhere = TrunkOwner{address("z"), "west"};
  if (trouble == "rule_failed") world.findings.push_back(block("sha1"));
  if (trouble == "quarantined" && world.offer.chain)
    world.record->quarantine = Quarantine{world.offer.chain->identity, k_now, "the port did not serve it"};
}

void build(World& world, const Facts& facts) {
  const auto& live = facts.at("live");
  const auto left = time_left(live);
  const auto live_chain = leaf("live", left);
  set_prior(world, facts.at("prior"), live_chain);
  world.trunks[0].certificate = live == "none"      ? Sighting::nothing()
                                : live == "unknown" ? Sighting::unclear("the field is missing")
                                                    : Sighting::of(live_chain);
  set_offer(world, facts.at("offer"), live_chain, left);
  if (live == "rule_violated") world.live_findings = {block("weak_key")};
  if (live == "rule_violated" && facts.at("offer") == "same") world.findings = world.live_findings;
  const auto& command = facts.at("command");
  world.overrides.replace = command == "forced" || command == "both";
  if (command == "resumed" || command == "both") {
    world.intent.emplace();
    world.intent->record = world.recorded(leaf("intended", days(60)));
    world.intent->from = live_chain->identity;
  }
  if (facts.at("locator") == "other") world.record->locator.arguments["chain"] = "elsewhere.pem";
  world.binding.rotate.edit().when = facts.at("when") == "due" ? RotateWhen::due : RotateWhen::available;
  world.binding.rotate.edit().shorter = facts.at("shorter") == "refuse" ? Shorter::refuse : Shorter::allow;
  world.binding.adopt = facts.at("adopt") == "yes";
  make_trouble(world, facts.at("trouble"));
}

std::string drawn(const Facts& facts) {
  std::string text;
  for (const auto& [key, value] : facts) text += fmt::format("{}={} ", key, value);
  return text;
}

/// Without its trunk nothing is seen of live: only the gate can be judged.
bool hides_live(const Facts& facts) {
  const auto& trouble = facts.at("trouble");
  return trouble == "trunk_missing" || trouble == "trunk_ambiguous" || trouble == "trunk_replaced";
}

/// One text for what is expected and one for what came, so that a difference is one comparison.
std::pair<std::string, std::string> expected_and_actual(const std::vector<Row>& rows, Facts facts,
                                                        const PlannedChange& change) {
  for (const char* step : {"health", "relation", "cause", "action", "gate"}) facts[step] = decided(rows, step, facts);
  if (hides_live(facts)) return {facts["gate"], std::string(to_string(change.gate))};
  return {
      fmt::format("{} {} {} {} {}", facts["health"], facts["relation"], facts["cause"], facts["action"], facts["gate"]),
      fmt::format("{} {} {} {} {}", to_string(change.health), to_string(change.relation), to_string(change.cause),
                  to_string(change.action), to_string(change.gate))};
}

void check_laws(World& world, const PlannedChange& change, const std::string& what) {
  INFO(what);
  if (change.relation == Relation::same && (change.action == Action::create || change.action == Action::update))
    FAIL("the same certificate would be sent again");
  if (change.gate != Gate::none && change.writes()) FAIL("a gate does not stop the write");
  if ((change.gate != Gate::none) && !change.error) FAIL("a gate without words");
  if (change.error && (change.error->hints.empty() || change.error->address.empty())) FAIL("an error without a way on");
  if (fingerprint_of(world.run()) != fingerprint_of(change)) FAIL("two runs differ");
  if (change.gate != Gate::none || world.offer.kind != Offer::Kind::certificate) return;
  world.apply(change);
  const auto again = world.run();
  if (again.action != Action::no_op || again.gate != Gate::none)
    FAIL("applied, and still something to do: " << fingerprint_of(again));
}

template <class Visit>
void for_each_combination(Facts& facts, std::size_t dimension, const Visit& visit) {
  if (dimension == k_dimensions.size()) {
    if (can_be(facts)) visit(facts);
    return;
  }
  const auto& [key, values] = k_dimensions[dimension];
  for (const auto& value : values) {
    facts[key] = value;
    for_each_combination(facts, dimension + 1, visit);
  }
}

}  // namespace

TEST_CASE("diff says what the specification's table says, for every health, relation, cause and gate") {
  const auto rows = read_table();
  std::size_t count = 0;
  std::map<std::string, std::size_t> outcomes;
  Facts facts;
  for_each_combination(facts, 0, [&](const Facts& combination) {
    World world;
    build(world, combination);
    const auto change = world.run();
    const auto [expected, actual] = expected_and_actual(rows, combination, change);
    if (expected != actual) {
      INFO(drawn(combination));
      REQUIRE(actual == expected);
    }
    check_laws(world, change, drawn(combination));
    ++count;
    ++outcomes[fmt::format("{}/{}", to_string(change.action), to_string(change.gate))];
  });
  for (const auto& row : rows) {
    INFO("semantics.table line " << row.line << " was never reached");
    CHECK(row.used > 0);
  }
  std::cout << fmt::format("diff cross-product: {} combinations, {} distinct outcomes\n", count, outcomes.size());
  CHECK(count > 10'000);
}
