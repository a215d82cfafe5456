// A server that repeats what it was sent shows no secret by that.
#include "providers/cloud/echo.hpp"

#include <catch2/catch.hpp>

#include "providers/cloud/caller.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"

using namespace trunkform;
using namespace trunkform::cloud;

namespace {

struct Echo {
  SecretBuffer authorization = SecretBuffer::copy_of("Bearer hvs.canary-0123456789-abcdef");
  SecretBuffer header = SecretBuffer::copy_of("header-canary");
  SecretBuffer body = SecretBuffer::copy_of(
      R"({"key":"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcanary0123456789\nabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/ab","names":"voice.sip.example.com"})");
  HttpRequest request;
  Echo() {
    request.authorization = &authorization;
    request.secret_headers = {{"X-Secret", &header}};
    request.secret_body = &body;
  }
  std::string shown(const std::string& text, int status = 403) const {
    HttpResponse answer;
    answer.status = status;
    answer.body = text;
    answer.secret_body = SecretBuffer::copy_of(text);
    blank_echo(answer, request);
    CHECK(answer.secret_body.view() == answer.body);
    return answer.body;
  }
};

}  // namespace

TEST_CASE("what a refusal repeats of a request's secrets is blanked, and all else of it stays") {
  const Echo echo;
  CHECK(echo.shown("no: Bearer hvs.canary-0123456789-abcdef, X-Secret: header-canary!") ==
        "no: Bearer ****************************, X-Secret: *************!");
  CHECK(echo.shown("twice hvs.canary-0123456789-abcdefhvs.canary-0123456789-abcdef") ==
        "twice " + std::string(56, '*'));
  // A piece is enough, where it is long.
  CHECK(echo.shown("canary-0123456789-a is half of it") == "******************* is half of it");
  CHECK(echo.shown("the role sip does not allow voice.sip.example.com") ==
        "the role sip does not allow voice.sip.example.com");
  const auto line = echo.shown("in abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/ab of your key");
  CHECK(line == "in " + std::string(66, '*') + " of your key");
  CHECK(echo.shown("").empty());
}

TEST_CASE("what an answer that is no refusal holds is not touched") {
  CHECK(Echo().shown("hvs.canary-0123456789-abcdef", 200) == "hvs.canary-0123456789-abcdef");
}

TEST_CASE("words that a caller judges, and shows, are without echoes") {
  platform::SimulatedClock clock{*parse_rfc3339("2026-06-01T12:00:00Z")};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  Caller caller({}, http, clock, random);
  const Echo echo;
  http.push(403, "no: hvs.canary-0123456789-abcdef");
  const auto answer = caller.call(
      {}, [&]() -> Result<HttpRequest> { return echo.request; },
      [](const HttpResponse& seen) { return std::optional(Refusal{Error(ErrorCode::denied, seen.body)}); });
  REQUIRE_FALSE(answer);
  CHECK(answer.error().summary == "no: " + std::string(28, '*'));
}
