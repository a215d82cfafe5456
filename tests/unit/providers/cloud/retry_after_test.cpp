#include "providers/cloud/retry_after.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;

namespace {
const Instant k_now = parse_rfc3339("1994-11-06T08:49:30Z").value();
}

TEST_CASE("an HTTP date is read in all three forms and in no other") {
  const auto expected = parse_rfc3339("1994-11-06T08:49:37Z");
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", k_now) == expected);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", k_now) == expected);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994", k_now) == expected);
  CHECK(parse_http_date("  Sun, 06 Nov 1994 08:49:37 GMT\t", k_now) == expected);
  for (const auto* text :
       {"", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT x",
        "1994-11-06T08:49:37Z", "Sun Nov  6 08:49:37 199", "06 Nov 1994 08:49:37 GMT"}) {
    INFO(text);
    CHECK_FALSE(parse_http_date(text, k_now).has_value());
  }
}

TEST_CASE("a two-digit year more than fifty years ahead is of the last century") {
  const auto now = parse_rfc3339("2026-11-24T00:00:00Z").value();
  CHECK(to_date(*parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now)) == "1994-11-06");
  CHECK(to_date(*parse_http_date("Friday, 06-Nov-76 08:49:37 GMT", now)) == "2076-11-06");
}

TEST_CASE("Retry-After is never undercut, in seconds or as a date, and nonsense is no answer") {
  CHECK(parse_retry_after("7", k_now) == 7s);
  CHECK(parse_retry_after("0", k_now) == 0s);
  CHECK(*parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", k_now) >= 7s);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", k_now) == 0s);
  CHECK(*parse_retry_after("99999999999999999999999999", k_now) > std::chrono::hours(24 * 365));
  for (const auto* text : {"", "-1", "+1", "1.5", "7s", "soon", "0x7"}) {
    INFO(text);
    CHECK_FALSE(parse_retry_after(text, k_now).has_value());
  }
}

TEST_CASE("a date is compared with the answer's own clock, so that a fast clock here does not shorten the wait") {
  HttpResponse response;
  response.headers = {{"Retry-After", "Sun, 06 Nov 1994 08:50:00 GMT"}, {"Date", "Sun, 06 Nov 1994 08:49:40 GMT"}};
  CHECK(*retry_after_of(response, k_now + 10min) >= 20s);
}
