#include "state/document/hash_chain.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "schemas/codec/digest.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

std::vector<Event> chained() {
  std::vector<Event> events;
  for (const auto* name : {"a", "b", "c", "d"}) events.push_back(event_of(0, committed(name, "one")));
  Fingerprint head;
  const auto lines = state::chain_events(events, 7, head);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 4);
  CHECK(events.front().previous == Fingerprint{});
  CHECK(events.front().sequence == 7);
  return events;
}

}  // namespace

TEST_CASE("numbers and hashes that were given to events are found right") { CHECK(state::verify_chain(chained())); }

TEST_CASE("an event that was changed, lost, repeated or put elsewhere shows") {
  const auto refused = [](std::vector<Event> events) {
    const auto checked = state::verify_chain(events);
    return !checked && checked.error().code == ErrorCode::corrupt;
  };
  auto changed = chained();
  std::get<Outcome>(changed[1].body).message = "other";
  CHECK(refused(changed));
  auto lost = chained();
  lost.erase(lost.begin() + 1);
  CHECK(refused(lost));
  auto repeated = chained();
  repeated.insert(repeated.begin() + 1, repeated[1]);
  CHECK(refused(repeated));
  auto swapped = chained();
  std::swap(swapped[1], swapped[2]);
  CHECK(refused(swapped));
}
