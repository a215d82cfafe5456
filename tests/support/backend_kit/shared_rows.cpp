// The kit: what the workspaces of a backend share, and the workspaces themselves.
#include <algorithm>
#include <thread>

#include "tests/support/backend_kit/kit_bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::testing;
using namespace trunkform::testing::kit;

namespace {

TrunkKey trunk(const std::string& id) { return {"organisation", {id}}; }
const CarrierKey k_carrier{"organisation", "carrier a"};

std::vector<std::string> names_of(Writer& writer) { return must(writer.backend.workspaces->list(writer.context)); }

/// Of two workspaces, each by a process of its own.
struct TwoStates {
  explicit TwoStates(BackendBench& bench) : first(bench), second(with_lab(first, bench), "lab") {}
  Writer first, second;

 private:
  static BackendBench& with_lab(Writer& writer, BackendBench& bench) {
    must(writer.backend.workspaces->create(writer.context, "lab"));
    return bench;
  }
};

}  // namespace

TEST_CASE("kit: a trunk that one workspace claims is refused to the other, by name") {
  Asked asked;
  INFO(asked.kind.name);
  if (!asked.can.ownership || !asked.can.workspaces) return;
  TwoStates two(*asked.bench);
  auto& [first, second] = two;
  first.lock();
  second.lock();
  const TrunkKey both[] = {trunk("t1"), trunk("t2")};
  CHECK(must(first.backend.ownership->claim(first.context, first.lease.fence, both)).empty());
  CHECK(must(first.backend.ownership->claim(first.context, first.lease.fence, both)).empty());
  const TrunkKey wanted[] = {trunk("t2"), trunk("t3")};
  const auto refused = must(second.backend.ownership->claim(second.context, second.lease.fence, wanted));
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].key == trunk("t2"));
  CHECK(refused[0].owner == "default");
  const TrunkKey kept[] = {trunk("t1")};
  must(first.backend.ownership->keep_only(first.context, first.lease.fence, kept));
  CHECK(must(second.backend.ownership->claim(second.context, second.lease.fence, wanted)).empty());
  const TrunkKey again[] = {trunk("t3")};
  CHECK(must(first.backend.ownership->claim(first.context, first.lease.fence, again)).size() == 1);
}

TEST_CASE("kit: two that claim at once do not both get it") {
  Asked asked;
  INFO(asked.kind.name);
  if (!asked.can.ownership || !asked.can.workspaces) return;
  TwoStates two(*asked.bench);
  auto& [first, second] = two;
  first.lock();
  second.lock();
  Writer* writers[] = {&first, &second};
  for (int round = 0; round < 5; ++round) {
    const TrunkKey wanted[] = {trunk("t" + std::to_string(round))};
    std::optional<Result<std::vector<Claim>>> answers[2];
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < 2; ++i)
        threads.emplace_back([&, i] {
          answers[i] = writers[i]->backend.ownership->claim(writers[i]->context, writers[i]->lease.fence, wanted);
        });
    }
    CHECK(must(*answers[0]).size() + must(*answers[1]).size() == 1);
  }
}

TEST_CASE("kit: a carrier's place is taken once, whichever workspace asks, and is free after its rest") {
  Asked asked;
  INFO(asked.kind.name);
  if (!asked.can.pacing || !asked.can.workspaces) return;
  TwoStates two(*asked.bench);
  auto& [first, second] = two;
  CHECK_FALSE(must(second.backend.pacing->busy_until(second.context, k_carrier, 1)));
  const auto place = must(first.backend.pacing->take(first.context, k_carrier, 1, 60s, 30s));
  REQUIRE(place.taken());
  const auto refused = must(second.backend.pacing->take(second.context, k_carrier, 1, 60s, 30s));
  CHECK_FALSE(refused.taken());
  CHECK(refused.held_by.find("default") != std::string::npos);
  const auto busy = must(second.backend.pacing->busy_until(second.context, k_carrier, 1));
  REQUIRE(busy);
  // Where it rests they are as far off as it is asked.
  CHECK(std::chrono::abs(busy->until - refused.until) < 20s);
  CHECK(must(second.backend.pacing->take(second.context, k_carrier, 2, 60s, 30s)).taken());
  CHECK(must(second.backend.pacing->take(second.context, {"organisation", "carrier b"}, 1, 60s, 30s)).taken());
  must(first.backend.pacing->leave(first.context, place, Duration::zero()));
  CHECK(must(first.backend.pacing->busy_until(first.context, k_carrier, 1)));
  CHECK_FALSE(must(first.backend.pacing->busy_until(first.context, k_carrier, 2)));
}

TEST_CASE("kit: workspaces are made, have states of their own, and are deleted when they are empty") {
  Asked asked;
  INFO(asked.kind.name);
  if (!asked.can.workspaces) return;
  Writer writer(*asked.bench);
  auto& workspaces = *writer.backend.workspaces;
  CHECK(names_of(writer) == std::vector<std::string>{"default"});
  must(workspaces.create(writer.context, "lab"));
  must_fail(workspaces.create(writer.context, "lab"), ErrorCode::conflict);
  must_fail(workspaces.create(writer.context, "../lab"), ErrorCode::invalid_input);
  CHECK(names_of(writer) == std::vector<std::string>{"default", "lab"});
  {
    Writer lab(*asked.bench, "lab");
    lab.lock();
    must(lab.bind("a", "one"));
    must_fail(workspaces.remove(writer.context, "lab", DeleteWorkspace::with_resources), ErrorCode::lock_held);
    lab.unlock();
  }
  CHECK_FALSE(must(writer.backend.store->load(writer.context)));
  must_fail(workspaces.remove(writer.context, "lab", DeleteWorkspace::only_empty), ErrorCode::conflict);
  must_fail(workspaces.remove(writer.context, "default", DeleteWorkspace::with_resources), ErrorCode::invalid_input);
  must_fail(workspaces.remove(writer.context, "none", DeleteWorkspace::with_resources), ErrorCode::not_found);
  must(workspaces.select(writer.context, "lab"));
  CHECK(must(workspaces.selected(writer.context)) == "lab");
  must_fail(workspaces.remove(writer.context, "lab", DeleteWorkspace::with_resources), ErrorCode::conflict);
  must(workspaces.select(writer.context, "default"));
  must(workspaces.remove(writer.context, "lab", DeleteWorkspace::with_resources));
  CHECK(names_of(writer) == std::vector<std::string>{"default"});
  must(workspaces.create(writer.context, "lab"));
  CHECK_FALSE(must(Writer(*asked.bench, "lab").backend.store->load({})));
}

TEST_CASE("kit: a workspace that is deleted and made again begins anew, and all of it works") {
  Asked asked;
  INFO(asked.kind.name);
  if (!asked.can.workspaces) return;
  Writer writer(*asked.bench);
  auto& workspaces = *writer.backend.workspaces;
  for (int round = 0; round < 3; ++round) {
    must(workspaces.create(writer.context, "lab"));
    Writer lab(*asked.bench, "lab");
    CHECK(must(lab.backend.alerts->open(lab.context)).empty());
    lab.lock();
    CHECK(lab.lease.fence.epoch == 1);
    CHECK(must(lab.record({committed("a", "one")})) == 2);
    CHECK(must(lab.bind("b", "two")).serial == 1);
    CHECK(lab.document().resources.size() == 2);
    OpenAlert alert;
    alert.target = "webhook";
    must(lab.backend.alerts->remember(lab.context, alert));
    lab.unlock();
    must(workspaces.remove(writer.context, "lab", DeleteWorkspace::with_resources));
    CHECK(names_of(writer) == std::vector<std::string>{"default"});
  }
}

TEST_CASE("kit: who was told of what is remembered until it is forgotten") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  CHECK(must(writer.backend.alerts->open(writer.context)).empty());
  OpenAlert alert;
  alert.target = "webhook";
  alert.dedup_key = "trunk a";
  must(writer.backend.alerts->remember(writer.context, alert));
  alert.dedup_key = "trunk b";
  must(writer.backend.alerts->remember(writer.context, alert));
  must(writer.backend.alerts->remember(writer.context, alert));
  Writer other(*asked.bench);
  CHECK(must(other.backend.alerts->open(other.context)).size() == 2);
  must(other.backend.alerts->forget(other.context, "webhook", "trunk a"));
  const auto left = must(writer.backend.alerts->open(writer.context));
  REQUIRE(left.size() == 1);
  CHECK(left[0].dedup_key == "trunk b");
}
