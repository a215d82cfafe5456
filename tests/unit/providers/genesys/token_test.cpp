#include <catch2/catch.hpp>

#include "tests/unit/providers/genesys/fixture.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::genesys;
using platform::http_response;

namespace {
const std::string k_organisation = R"({"id":"org-1","name":"Example"})";
}

TEST_CASE("the token is fetched once with Basic credentials and sent as Bearer") {
  World world;
  world.serve([](const auto&) { return http_response(200, k_organisation); });
  const auto client = world.client();
  REQUIRE(client->organisation({}));
  REQUIRE(client->organisation({}));
  const auto sent = world.http.sent();
  REQUIRE(sent.size() == 3);
  CHECK(client->requests() == 3);
  CHECK(sent[0].url == "https://login.mypurecloud.com/oauth/token");
  CHECK(sent[0].method == "POST");
  CHECK(sent[0].body == "grant_type=client_credentials");
  CHECK(sent[0].authorization == "Basic Y2xpZW50OmNhbmFyeS1zZWNyZXQ=");
  CHECK(sent[1].authorization == "Bearer canary-token");
  CHECK(sent[1].url == "https://api.mypurecloud.com/api/v2/organizations/me");
}

TEST_CASE("a 401 in mid-run renews the token once, and a second 401 is denied") {
  World world;
  int tokens = 0;
  world.http.handle([&](const platform::SentRequest& request) -> platform::HttpAnswer {
    if (request.url.ends_with("/oauth/token"))
      return http_response(200, R"({"access_token":"t)" + std::to_string(++tokens) + R"("})");
    return request.authorization == "Bearer t2" ? http_response(200, k_organisation) : http_response(401, "{}");
  });
  const auto client = world.client();
  CHECK(client->organisation({})->id == "org-1");
  CHECK(tokens == 2);
  world.http.handle([&](const platform::SentRequest& request) -> platform::HttpAnswer {
    if (request.url.ends_with("/oauth/token")) return http_response(200, R"({"access_token":"t9"})");
    return http_response(401, R"({"message":"bad token","code":"bad.credentials"})");
  });
  const auto error = client->organisation({}).error();
  CHECK(error.code == ErrorCode::denied);
  CHECK(error.summary.find("bad token") != std::string::npos);
}

TEST_CASE("a given token is used as it is, costs no request, and its refusal is denied") {
  World world;
  auto options = World::options();
  options.access_token = SecretBuffer::copy_of("given");
  world.http.push(200, k_organisation);
  world.http.push(401, "{}");
  const auto client = world.client(std::move(options));
  CHECK(client->organisation({})->by_api);
  CHECK(client->organisation({}).error().code == ErrorCode::denied);
  CHECK(world.http.sent().size() == 2);
  CHECK(world.http.sent()[0].authorization == "Bearer given");
}

TEST_CASE("wrong credentials are denied at once, and neither secret nor token is in any error") {
  World world;
  world.http.push(
      401,
      R"({"error":"invalid_client","description":"client not found","error_description":"client not found: canary"})");
  const auto error = world.client()->organisation({}).error();
  CHECK(error.code == ErrorCode::denied);
  CHECK(error.summary.find("client not found") != std::string::npos);
  CHECK(to_line(error).find("canary-secret") == std::string::npos);
  CHECK(world.http.sent().size() == 1);
}

TEST_CASE("OAuth's own rate limit, a 400, is waited for and not taken for wrong credentials") {
  World world;
  world.http.push(400, R"({"error":"invalid_request","error_description":"rate limit exceeded; retry"})",
                  {{"Retry-After", "9"}});
  world.http.push(200, k_token_answer);
  world.http.push(200, k_organisation);
  REQUIRE(world.client()->organisation({}));
  CHECK(world.clock.monotonic() >= 9s);
}

TEST_CASE("an answer without a usable token is a protocol error that does not show the body") {
  for (const auto* body : {"{}", "<html>canary</html>", R"({"access_token":"canary token"})", ""}) {
    World world;
    world.http.push(200, body);
    const auto error = world.client()->organisation({}).error();
    CHECK(error.code == ErrorCode::protocol);
    CHECK(to_line(error).find("canary") == std::string::npos);
  }
}

TEST_CASE("where the API hides the organisation, host and client id stand for it") {
  for (const int status : {403, 404}) {
    World world;
    world.serve([status](const auto&) { return http_response(status, "{}"); });
    const auto organisation = world.client()->organisation({}).value();
    CHECK_FALSE(organisation.by_api);
    CHECK(organisation.id == "api.mypurecloud.com/client");
  }
}

TEST_CASE("without credentials nothing is sent") {
  World world;
  auto options = World::options();
  options.client_secret = SecretBuffer();
  const auto error = world.client(std::move(options))->organisation({}).error();
  CHECK(error.code == ErrorCode::denied);
  CHECK(world.http.sent().empty());
}
