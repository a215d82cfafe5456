// A run that dies while it issues by an order, as of ACME: placed, proven, signed and fetched in steps of their own.
#include "tests/unit/cmd/engine/issuing_bench.hpp"

namespace trunkform::engine {

using namespace issuing_bench;

namespace {

struct Killed {
  std::string step;
};

/// An authority that keeps its orders and signs each once, at its second poll. It does not know who asks twice.
struct OrderingAuthority {
  std::map<std::string, int> polls;  ///< by order
  std::map<std::string, OrderStatus> signed_orders;

  Result<OrderStatus> serve(const FakeIssuer& issuer, const std::string& ref, const IssueOrder& order) {
    if (ref.empty()) {
      const auto made = "order/" + std::to_string(polls.size() + 1);
      polls[made] = 0;
      return OrderStatus(OrderPending{made, 1s});
    }
    if (!polls.contains(ref)) return OrderStatus(OrderGone{Error(ErrorCode::not_found, "no such order")});
    if (++polls[ref] < 2) return OrderStatus(OrderPending{ref, 1s});
    if (!signed_orders.contains(ref)) signed_orders.emplace(ref, TRY(issuer.sign(order)));
    return signed_orders.at(ref);
  }
};

}  // namespace

TEST_CASE(
    "a run that is killed at any step of an order ends with one certificate, and with one order where it was noted") {
  std::size_t dies_at = 0;
  std::set<std::string> twice, kinds;
  for (bool killed = true; killed;) {
    ++dies_at;
    killed = false;
    Bench bench;
    OrderingAuthority authority;
    std::size_t passed = 0;
    const auto pass = [&](const std::string& step) {
      if (++passed == dies_at) throw Killed{step};
    };
    bench.events.passes = pass;
    bench.issuer->serve = [&](const std::string& ref, const IssueOrder& order) {
      const std::string what = ref.empty() ? "newOrder" : "poll";
      if (bench.events.passes) pass("before " + what);
      auto status = authority.serve(*bench.issuer, ref, order);
      if (bench.events.passes) pass("behind " + what);
      return status;
    };
    std::string step;
    try {
      const auto done = bench.run();
      CHECK(done.kind == Kind::issued);
    } catch (const Killed& death) {
      killed = true;
      step = death.step;
      kinds.insert(step);
    }
    INFO("killed " << step);
    bench.events.passes = nullptr;
    const auto planned = bench.plan();
    const auto known = bench.record();
    if (planned.issues() || known.open) {
      const auto done = bench.run(planned);
      CHECK(done.kind == Kind::issued);
    }
    CHECK(bench.versions() == 1);
    CHECK(authority.signed_orders.size() == 1);
    CHECK_FALSE(bench.has_staged_key());
    CHECK_FALSE(bench.record().open);
    REQUIRE(bench.record().last);
    CHECK(bench.plan().cause == IssueCause::none);
    if (authority.polls.size() > 1) twice.insert(step);
    CHECK(authority.polls.size() <= 2);
  }
  // Between the authority's answer and the log nobody can know of the order (docs/decisions/0330).
  CHECK(twice == std::set<std::string>{"before issue_ordered", "behind newOrder"});
  for (const auto* step :
       {"before issue_begun", "behind issue_begun", "before stage", "behind stage", "before newOrder",
        "behind issue_ordered", "behind poll", "before promote", "behind promote"})
    CHECK(kinds.contains(step));
  CHECK(dies_at > 15);
}

TEST_CASE("a run that is killed while it clears away what nobody wants any more leaves no key behind the next one") {
  const auto kind = GENERATE(Leftover::Kind::block, Leftover::Kind::request);
  std::set<std::string> kinds;
  std::size_t dies_at = 0;
  for (bool killed = true; killed;) {
    ++dies_at;
    killed = false;
    Bench bench;
    bench.issuer->answers = {pending("order/1", 11min)};
    REQUIRE(bench.run().kind == Kind::pending);
    REQUIRE(bench.has_staged_key());
    std::size_t passed = 0;
    bench.events.passes = [&](const std::string& step) {
      if (++passed == dies_at) throw Killed{step};
    };
    auto record = bench.record();
    try {
      const auto cleared = clear_away({}, bench.hands, {&record, kind});
      REQUIRE(cleared);
    } catch (const Killed& death) {
      killed = true;
      kinds.insert(death.step);
    }
    bench.events.passes = nullptr;
    record = bench.record();
    if (record.open) REQUIRE(clear_away({}, bench.hands, {&record, kind}));
    CHECK_FALSE(bench.record().open);
    CHECK_FALSE(bench.has_staged_key());
  }
  const std::string last = kind == Leftover::Kind::block ? "issue_forgotten" : "issue_ended";
  CHECK(kinds == std::set<std::string>{"before issue_ordered", "behind issue_ordered", "before unstage",
                                       "behind unstage", "before " + last, "behind " + last});
}

TEST_CASE("what was being cleared away when its run died is gone on with where it is wanted again") {
  const std::string dies = GENERATE("before unstage", "behind unstage");
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  bench.events.passes = [&](const std::string& step) {
    if (step == dies) throw Killed{step};
  };
  const auto record = bench.record();
  CHECK_THROWS_AS(clear_away({}, bench.hands, {&record, Leftover::Kind::block}), Killed);
  bench.events.passes = nullptr;
  CHECK(bench.run().kind == Kind::issued);
  CHECK_FALSE(bench.has_staged_key());
  CHECK(bench.issuer->calls.back() == "submit");  // the order of a key that is gone is asked for by nobody
}

}  // namespace trunkform::engine
