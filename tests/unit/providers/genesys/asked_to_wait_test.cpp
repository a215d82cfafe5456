#include "providers/genesys/asked_to_wait.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::genesys;

namespace {
const Instant k_now = parse_rfc3339("1994-11-06T08:49:30Z").value();
}

TEST_CASE("without Retry-After the vendor's header or the message tells the wait") {
  HttpResponse response;
  CHECK(asked_to_wait(response, "Rate limit exceeded the maximum. Retry the request in [7] seconds", k_now) == 7s);
  CHECK_FALSE(asked_to_wait(response, "Rate limit exceeded [x] seconds", k_now).has_value());
  response.headers = {{"inin-ratelimit-reset", "11"}};
  CHECK(asked_to_wait(response, "Retry the request in [7] seconds", k_now) == 11s);
  response.headers = {{"Retry-After", "13"}, {"inin-ratelimit-reset", "11"}};
  CHECK(asked_to_wait(response, "Retry the request in [7] seconds", k_now) == 13s);
}
