#include "schemas/model/time.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace std::chrono_literals;

TEST_CASE("RFC 3339 instants read back as they were written") {
  for (const std::string text : {"1970-01-01T00:00:00Z", "2026-11-24T23:07:34Z", "2024-02-29T12:00:00.250Z"}) {
    const auto instant = parse_rfc3339(text);
    REQUIRE(instant);
    CHECK(to_rfc3339(*instant) == text);
  }
  CHECK(*parse_rfc3339("2026-01-01T01:30:00+01:30") == *parse_rfc3339("2026-01-01T00:00:00Z"));
}

TEST_CASE("impossible instants are refused") {
  for (const std::string text : {"", "2026", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z",
                                 "2026-01-01T00:00:60Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00+24:00",
                                 "2026-01-01T00:00:00Zx", "2026-1-1T00:00:00Z", "2026-01-01T00:00:00.Z"}) {
    INFO(text);
    CHECK_FALSE(parse_rfc3339(text));
  }
}

TEST_CASE("durations are Go-like with days") {
  CHECK(parse_duration("30d") == Duration(720h));
  CHECK(parse_duration("1h30m") == Duration(90min));
  CHECK(parse_duration("90s") == Duration(90s));
  CHECK(parse_duration("250ms") == Duration(250ms));
  CHECK(parse_duration("0") == Duration(0));
  CHECK(parse_duration("36525d") == Duration(36525 * 24h));
}

TEST_CASE("what is no duration is refused") {
  for (const std::string text : {"", "30", "d", "-1d", "+1d", "1 d", "1m1h", "1h1h", "1.5h", "1w", "36526d",
                                 "99999999999999999999d", "9223372036854775807ms"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("a duration is printed in the spelling that reads back") {
  for (const auto duration : {Duration(0), Duration(1ms), Duration(90s), Duration(36h), Duration(25h + 1ms)})
    CHECK(parse_duration(to_string(duration)) == duration);
  CHECK(to_string(Duration(36h)) == "1d12h");
}

TEST_CASE("durations for people have one or two units") {
  CHECK(to_words(Duration(720h)) == "30 days");
  CHECK(to_words(Duration(200min)) == "3 h 20 min");
  CHECK(to_words(Duration(45s)) == "45 s");
  CHECK(to_words(Duration(0)) == "0 ms");
  CHECK(to_words(Duration(-49h)) == "-2 days");
}
