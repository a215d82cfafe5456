#include "schemas/codec/event_codec.hpp"

#include <set>

#include <catch2/catch.hpp>

#include "tests/unit/schemas/codec/model_equality.hpp"
#include "tests/unit/schemas/codec/random_model.hpp"

using namespace trunkform;
using trunkform::testing::RandomModel;

TEST_CASE("a random event of every kind survives the way to a line and back") {
  std::set<std::size_t> kinds;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    RandomModel random(seed);
    const auto event = random.event();
    kinds.insert(event.body.index());
    const auto line = encode_event(event);
    INFO("seed " << seed << "\n" << line);
    REQUIRE(line.find('\n') == std::string::npos);
    const auto decoded = decode_event(line);
    INFO((decoded ? "" : to_line(decoded.error())));
    REQUIRE(decoded);
    REQUIRE(testing::same(event, *decoded));
    REQUIRE(encode_event(*decoded) == line);
  }
  CHECK(kinds.size() == std::variant_size_v<EventBody>);
}

TEST_CASE("the beginning of an event's line can be read without the rest") {
  RandomModel random(4);
  const auto event = random.event();
  const auto head = peek_event(encode_event(event));
  REQUIRE(head);
  CHECK(head->sequence == event.sequence);
  CHECK(head->previous == event.previous);
  CHECK_FALSE(peek_event("{\"format\":2,\"sequence\":1"));
  CHECK_FALSE(peek_event(""));
}

TEST_CASE("an event's line cut off at any byte is no event") {
  RandomModel random(9);
  for (std::size_t kind = 0; kind < std::variant_size_v<EventBody>; ++kind) {
    auto event = random.event();
    event.body = random.body(kind);
    const auto line = encode_event(event);
    for (std::size_t length = 0; length < line.size(); ++length) {
      const auto decoded = decode_event(line.substr(0, length));
      REQUIRE_FALSE(decoded);
      REQUIRE(decoded.error().code == ErrorCode::corrupt);
    }
  }
}

TEST_CASE("an event of a newer format or an unknown kind says so") {
  const std::string head =
      R"(,"sequence":1,"previous":")" + std::string(64, '0') + R"(","time":"2026-11-24T00:00:00Z",)";
  const auto newer = decode_event(R"({"format":2,"needs":"0.9.0")" + head + R"("kind":"intent","body":{}})");
  REQUIRE_FALSE(newer);
  CHECK(newer.error().code == ErrorCode::unsupported);
  CHECK(newer.error().hints.at(0) == "use trunkform 0.9.0 or newer");
  const auto unknown = decode_event(R"({"format":1)" + head + R"("kind":"party","body":{}})");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().detail.find("`kind`") != std::string::npos);
  const auto verdict =
      decode_event(R"({"format":1)" + head +
                   R"("kind":"probed","body":{"address":"a.b","verification":{"served":{"verdict":"ok"}}}})");
  REQUIRE_FALSE(verdict);
  CHECK(verdict.error().detail.find("`body.verification.served.verdict`") != std::string::npos);
}
