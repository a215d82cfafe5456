#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/unit/providers/genesys/fixture.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::genesys;
using platform::http_response;

namespace {

std::uint64_t page_number(const std::string& url) { return std::stoull(url.substr(url.find("pageNumber=") + 11)); }

/// A page of `total` trunks `t0…`, `size` a page; `shift` trunks were removed from the front.
std::string page(std::uint64_t number, std::uint64_t total, std::uint64_t size = 100, std::uint64_t shift = 0) {
  std::string text = R"({"entities":[)";
  for (auto i = (number - 1) * size; i < std::min(total, number * size); ++i)
    text += fmt::format(R"({}{{"id":"t{}","name":"T","tls":{{"certificate":null}}}})",
                        i == (number - 1) * size ? "" : ",", i + shift);
  return text + fmt::format(R"(],"pageSize":{},"pageNumber":{},"total":{},"pageCount":{}}})", size, number, total,
                            (total + size - 1) / size);
}

}  // namespace

TEST_CASE("a listing costs one token and one call a hundred trunks, and keeps the service's order") {
  for (const std::uint64_t total : {0, 1, 99, 100, 101, 1000, 1001}) {
    World world;
    world.serve([total](const auto& request) { return http_response(200, page(page_number(request.url), total)); });
    const auto client = world.client();
    std::size_t seen = 0, told = 0;
    const auto trunks = client->list({}, [&](std::size_t now, std::size_t all) {
      seen = now;
      told = all;
    });
    REQUIRE(trunks);
    REQUIRE(trunks->size() == total);
    for (std::size_t i = 0; i < total; ++i) CHECK((*trunks)[i].id.value == fmt::format("t{}", i));
    CHECK(client->requests() == 1 + std::max<std::uint64_t>(1, (total + 99) / 100));
    CHECK(seen == total);
    CHECK(told == total);
    CHECK(world.clock.monotonic() == 0s);
  }
}

TEST_CASE("a service that gives smaller pages than asked for is followed") {
  World world;
  world.serve([](const auto& request) { return http_response(200, page(page_number(request.url), 60, 25)); });
  CHECK(world.client()->list({}, {})->size() == 60);
  CHECK(world.sent("GET") == 3);
}

TEST_CASE("a trunk that is removed between two pages makes the list be read once more, from the beginning") {
  World world;
  std::atomic<int> calls{0};
  world.serve([&](const auto& request) {
    const bool before = calls++ == 0;
    return http_response(200, page(page_number(request.url), before ? 150 : 149));
  });
  CHECK(world.client()->list({}, {})->size() == 149);
  CHECK(world.sent("GET") == 4);
}

TEST_CASE("a list that never holds still is an error that says how") {
  World world;
  std::atomic<std::uint64_t> total{150};
  world.serve([&](const auto& request) { return http_response(200, page(page_number(request.url), total++)); });
  const auto error = world.client()->list({}, {}).error();
  CHECK(error.code == ErrorCode::conflict);
  CHECK(error.detail.find("page 1 told of") != std::string::npos);
  CHECK(world.sent("GET") == 4);
}

TEST_CASE("an id that is in two pages is never taken for two trunks") {
  World world;
  world.serve([](const auto& request) {
    const auto number = page_number(request.url);
    return http_response(
        200, number == 1 ? page(1, 101) : R"({"entities":[{"id":"t5"}],"pageSize":100,"pageNumber":2,"total":101})");
  });
  const auto error = world.client()->list({}, {}).error();
  CHECK(error.detail.find("\"t5\" is in it twice") != std::string::npos);
}

TEST_CASE("a page with too few trunks or of another number is not believed") {
  World world;
  world.serve(
      [](const auto&) { return http_response(200, R"({"entities":[],"pageSize":100,"pageNumber":1,"total":5})"); });
  CHECK(world.client()->list({}, {}).error().code == ErrorCode::conflict);
  World other;
  other.serve([](const auto&) { return http_response(200, page(1, 150)); });
  CHECK(other.client()->list({}, {}).error().code == ErrorCode::protocol);
}

TEST_CASE("one page's failure ends the listing with that failure") {
  World world;
  world.serve([](const auto& request) {
    const auto number = page_number(request.url);
    return number == 7 ? http_response(403, R"({"message":"no"})") : http_response(200, page(number, 2000));
  });
  const auto error = world.client()->list({}, {}).error();
  CHECK(error.code == ErrorCode::denied);
  CHECK(error.summary.find("\"no\"") != std::string::npos);
}

TEST_CASE("a 401 on pages fetched side by side renews the token once") {
  World world;
  std::atomic<int> tokens{0};
  world.http.handle([&](const platform::SentRequest& request) -> platform::HttpAnswer {
    if (request.url.ends_with("/oauth/token"))
      return http_response(200, fmt::format(R"({{"access_token":"t{}"}})", ++tokens));
    const auto number = page_number(request.url);
    if (number > 1 && request.authorization == "Bearer t1") return http_response(401, "{}");
    return http_response(200, page(number, 900));
  });
  CHECK(world.client()->list({}, {})->size() == 900);
  CHECK(tokens == 2);
}

TEST_CASE("a long listing stays below the rate limit, and each wait for that is told") {
  World world;
  auto options = World::options();
  options.requests_per_minute = 10;
  options.concurrency = 1;
  std::vector<Duration> paced;
  options.on_pace = [&](Duration wait) { paced.push_back(wait); };
  world.serve([](const auto& request) { return http_response(200, page(page_number(request.url), 2500)); });
  CHECK(world.client(std::move(options))->list({}, {})->size() == 2500);
  CHECK(world.clock.monotonic() >= 2min);  // 26 requests: 10, 10, 6
  CHECK(world.clock.monotonic() < 3min);
  CHECK(paced == std::vector<Duration>{1min, 1min});
}

TEST_CASE("a stop ends a listing before the next page is asked for") {
  World world;
  std::stop_source source;
  world.serve([&](const auto& request) {
    if (page_number(request.url) == 5) source.request_stop();
    return http_response(200, page(page_number(request.url), 5000));
  });
  // One worker: with several, the others may be through before the one with page 5 is scheduled.
  auto options = World::options();
  options.concurrency = 1;
  CHECK(world.client(std::move(options))->list({std::nullopt, source.get_token()}, {}).error().code ==
        ErrorCode::cancelled);
  CHECK(world.sent("GET") == 5);
}
