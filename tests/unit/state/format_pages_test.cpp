#include <sstream>

#include <catch2/catch.hpp>

#include "schemas/codec/alert_codec.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/event_codec.hpp"
#include "schemas/codec/lock_codec.hpp"
#include "schemas/codec/state_codec.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;

TEST_CASE("the example of docs/formats/state.md is what the codec writes, byte for byte") {
  const auto example = example_of("state.md");
  const auto document = decode_state(example);
  INFO((document ? "" : to_line(document.error())));
  REQUIRE(document);
  CHECK(document->resources.size() == 1);
  CHECK(encode_state(*document) == example);
}

TEST_CASE("the example of docs/formats/events.md is a log with a true hash chain") {
  std::stringstream lines(example_of("events.md"));
  Fingerprint head{};
  Sequence last = 0;
  for (std::string line; std::getline(lines, line); ++last) {
    const auto event = decode_event(line);
    INFO((event ? "" : to_line(event.error())));
    REQUIRE(event);
    CHECK(encode_event(*event) == line);
    CHECK(event->previous == head);
    CHECK(event->sequence == last + 1);
    head = sha256(line);
  }
  CHECK(last == 4);
}

TEST_CASE("the example of docs/formats/lock.md is what the codec writes, byte for byte") {
  const auto example = example_of("lock.md");
  const auto info = decode_lock_info(example);
  REQUIRE(info);
  CHECK(info->epoch == 17);
  CHECK(encode_lock_info(*info) == example);
}

TEST_CASE("the example of docs/formats/alerts.md is what the codec writes, byte for byte") {
  const auto example = example_of("alerts.md");
  const auto alerts = decode_open_alerts(example);
  INFO((alerts ? "" : to_line(alerts.error())));
  REQUIRE(alerts);
  CHECK(alerts->size() == 1);
  CHECK(encode_open_alerts(*alerts) == example);
}
