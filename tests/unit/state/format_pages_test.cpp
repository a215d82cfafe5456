#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "schemas/codec/alert_codec.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/event_codec.hpp"
#include "schemas/codec/lock_codec.hpp"
#include "schemas/codec/state_codec.hpp"

using namespace trunkform;

namespace {

/// The first ```json block of a page; tests run in the source folder.
std::string example_of(const std::string& page) {
  std::ifstream file("docs/formats/" + page);
  std::stringstream text;
  text << file.rdbuf();
  const auto bytes = text.str();
  const std::string open = "```json\n";
  const auto start = bytes.find(open);
  REQUIRE(start != std::string::npos);
  const auto end = bytes.find("```", start + open.size());
  return bytes.substr(start + open.size(), end - start - open.size());
}

}  // namespace

TEST_CASE("the example of docs/formats/state.md is what the codec writes, byte for byte") {
  const auto example = example_of("state.md");
  const auto document = decode_state(example);
  REQUIRE((document ? "" : to_line(document.error())) == "");
  CHECK(document->resources.size() == 1);
  CHECK(encode_state(*document) == example);
}

TEST_CASE("the example of docs/formats/events.md is a log with a true hash chain") {
  std::stringstream lines(example_of("events.md"));
  Fingerprint head{};
  Sequence last = 0;
  for (std::string line; std::getline(lines, line); ++last) {
    const auto event = decode_event(line);
    REQUIRE((event ? "" : to_line(event.error())) == "");
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
  REQUIRE((alerts ? "" : to_line(alerts.error())) == "");
  CHECK(alerts->size() == 1);
  CHECK(encode_open_alerts(*alerts) == example);
}
