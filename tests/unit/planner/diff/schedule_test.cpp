// not_before, deadline and the way back, as diff puts them on a write: docs/semantics.md, diff 4, Time and Apply.
#include <catch2/catch.hpp>

#include "tests/unit/planner/diff/world.hpp"
#include "tests/unit/planner/schedule/window_table.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

struct RotatingWorld : World {
  RotatingWorld() {
    set_live(leaf("live", days(20)));
    set_offer(leaf("newer", days(88)));
  }
  HistoryEntry earlier(const std::string& name, Duration left) const {
    return {leaf(name, left), binding.locator, VersionId{"v-" + name}, k_now - days(60), ""};
  }
};

}  // namespace

TEST_CASE("the deadline is live's effective expiry, whatever the cause") {
  RotatingWorld world;
  world.observed_path = trusted_until(k_now + days(15));
  CHECK(world.run().deadline == k_now + days(15));
  world.overrides.replace = true;
  CHECK(world.run().deadline == k_now + days(15));
}

TEST_CASE("the plan gives a write the not_before of window_table.txt, and live's end as its deadline") {
  std::size_t asked = 0;
  for (const auto& line : testing::read_window_table()) {
    if (!line.has("now")) continue;
    INFO(line.name);
    ++asked;
    World world;
    world.now = *line.instant("now");
    const auto expiry = line.instant("expiry");
    if (expiry)
      world.set_live(chain({certificate("live", *expiry - days(90), *expiry)}));
    else
      world.trunks[0].certificate = Sighting::nothing();
    const auto offered = line.instant("offered");
    if (offered)
      world.set_offer(chain({certificate("newer", *offered, *offered + days(400))}));
    else
      world.set_pending();
    if (const auto until = line.instant("paced")) world.paced_until = PaceWait{*until, "a run of this state"};
    auto& policy = world.binding.rotate.edit();
    policy.when = RotateWhen::available;
    policy.windows = line.windows();
    if (line.has("min_age")) policy.min_age = parse_duration(line.text("min_age")).value();
    world.overrides.ignore_window = line.has("ignore_window");
    const auto change = world.run();
    CHECK(change.writes());
    CHECK((change.not_before ? to_rfc3339(*change.not_before) : "now") == line.text("not_before"));
    CHECK(change.deadline == expiry);
    CHECK(has_note(change, "the window is ignored") == (line.text("ignored") != "no"));
  }
  CHECK(asked > 30);
}

TEST_CASE("min_age counts from notBefore") {
  RotatingWorld world;
  world.set_offer(leaf("fresh", days(90) - minutes(10)));
  CHECK(world.run().not_before == k_now + minutes(50));
}

TEST_CASE("expired live waives min_age and windows, and the window's warning is a note") {
  RotatingWorld world;
  world.set_live(leaf("live", -days(1)));
  world.set_offer(leaf("fresh", days(90)));
  world.binding.rotate.edit().windows = {{{6}, hours(2), hours(4), "UTC", {}}};
  const auto change = world.run();
  CHECK(change.writes());
  CHECK_FALSE(change.not_before);
  CHECK(has_note(change, "warning: the window is ignored: live expired on 2026-11-23"));
  CHECK(change.deadline == k_now - days(1));
}

TEST_CASE("a window gives the write its not_before, -ignore-window takes it away") {
  RotatingWorld world;
  world.binding.rotate.edit().windows = {{{6}, hours(2), hours(4), "UTC", {}}};
  const auto change = world.run();
  CHECK(change.writes());
  CHECK(change.gate == Gate::none);
  CHECK(change.not_before == at("2026-11-28T02:00:00Z"));
  Plan plan;
  plan.changes = {change};
  CHECK(count(plan, k_now).deferred == 1);
  world.overrides.ignore_window = true;
  CHECK_FALSE(world.run().not_before);
}

TEST_CASE("pacing of the carrier gives the write its not_before") {
  RotatingWorld world;
  world.paced_until = PaceWait{k_now + minutes(3), "a run of this state"};
  CHECK(world.run().not_before == k_now + minutes(3));
}

TEST_CASE("nothing but a write is deferred") {
  World world;
  world.paced_until = PaceWait{k_now + minutes(3), "a run of this state"};
  world.record.reset();
  const auto change = world.run();
  CHECK(change.action == Action::adopt);
  CHECK_FALSE(change.not_before);
}

TEST_CASE("live counts as a way back where state recorded it") {
  RotatingWorld world;
  CHECK_FALSE(world.run().no_way_back);
}

TEST_CASE("no_way_back: nothing recorded, so nobody has the key of what is live") {
  RotatingWorld world;
  world.set_live(leaf("foreign", days(20)), false);
  world.binding.adopt = true;
  const auto change = world.run();
  CHECK(change.no_way_back);
  CHECK(has_note(change, "warning: no way back"));
}

TEST_CASE("no_way_back: what is recorded has expired, unless history has one that has not") {
  RotatingWorld world;
  world.set_live(leaf("live", -days(1)));
  CHECK(world.run().no_way_back);
  world.record->history = {world.earlier("gone", -days(10))};
  CHECK(world.run().no_way_back);
  world.record->history.push_back(world.earlier("good", days(10)));
  CHECK_FALSE(world.run().no_way_back);
}

TEST_CASE("no_way_back: the source no longer has what is recorded") {
  RotatingWorld world;
  world.stored_versions = {VersionId{"v-new"}};
  CHECK(world.run().no_way_back);
  world.stored_versions->push_back(VersionId{"v-old"});
  CHECK_FALSE(world.run().no_way_back);
  world.stored_versions = {VersionId{"v-new"}};
  world.record->locator.arguments["chain"] = "elsewhere.pem";  // nobody asked that source
  CHECK_FALSE(world.run().no_way_back);
}

TEST_CASE("no_way_back: what is recorded is in no source, so nobody has its key") {
  RotatingWorld world;
  world.record->version.reset();
  const auto change = world.run();
  CHECK(change.no_way_back);
  CHECK_FALSE(has_note(change, "trunkform import"));  // it is recorded, and that did not help
}

TEST_CASE("no_way_back: a source that keeps versions may have what is live, once that is recorded") {
  RotatingWorld world;
  world.set_live(leaf("foreign", days(20)), false);
  world.binding.adopt = true;
  world.stored_versions = {VersionId{"v-new"}};
  CHECK_FALSE(has_note(world.run(), "trunkform import"));
  world.stored_versions->push_back(VersionId{"v-old"});
  CHECK(has_note(world.run(), "trunkform import 'genesys_trunk_certificate.a' id-a"));
}

TEST_CASE("what stays as it is needs no way back and no key") {
  RotatingWorld world;
  world.set_live(leaf("foreign", days(20)), false);
  world.binding.adopt = true;
  world.offer.key_unreadable = Error(ErrorCode::denied, "it may not be read");
  auto change = world.run();
  REQUIRE(has_note(change, "warning: no way back"));
  REQUIRE(has_note(change, "warning: the private key is not to be had here"));
  leave_as_it_is(change);
  CHECK(change.action == Action::no_op);
  CHECK_FALSE(change.no_way_back);
  CHECK_FALSE(has_note(change, "warning: no way back"));
  CHECK_FALSE(has_note(change, "warning: the private key"));
}

TEST_CASE("no_way_back: neither to what was quarantined nor to what is being bound") {
  RotatingWorld world;
  world.record->quarantine = Quarantine{world.record->chain->identity, k_now, "it failed"};
  CHECK(world.run().no_way_back);
  world.record->quarantine.reset();
  world.record->chain = world.offer.chain;
  CHECK(world.run().no_way_back);
}

TEST_CASE("replace_compromised disables rollback and says so") {
  RotatingWorld world;
  world.binding.replace_compromised = true;
  const auto change = world.run();
  CHECK(change.no_way_back);
  CHECK(change.writes());
  CHECK(has_note(change, "rollback is disabled"));
  CHECK_FALSE(has_note(change, "warning: no way back"));
}

TEST_CASE("pending counts as newer: it waits for the due date, too") {
  World world;
  world.set_pending();
  const auto change = world.run();
  CHECK(change.action == Action::no_op);
  CHECK(change.rotates_on == k_now + days(50));
  CHECK(has_note(change, "a new certificate will be issued, rotates on 2027-01-13"));
}
