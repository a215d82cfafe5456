// What the doctor makes of clocks, tokens and states.
#include "cmd/engine/doctor.hpp"

#include <catch2/catch.hpp>

#include "cmd/engine/clock_judge.hpp"
#include "providers/cloud/vault/checkup.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "tests/support/certificate_factory.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::engine;
using platform::http_response;

namespace {

/// How a vault's answer about its caller is told.
Checkup of_vault(int status, std::string body) {
  platform::SimulatedClock clock(*parse_rfc3339("2026-06-01T12:00:00Z"));
  platform::SeededRandom random(1);
  platform::ScriptedHttpClient http;
  http.handle([&](const platform::SentRequest&) -> platform::HttpAnswer {
    return http_response(status, body, {{"Date", "Mon, 01 Jun 2026 12:00:00 GMT"}});
  });
  cloud::vault::Options options;
  options.address = "https://vault.example.com:8200";
  options.login = {cloud::vault::Method::token, "", "", [] { return SecretBuffer::copy_of("canary-token"); }};
  cloud::vault::Client client(options, http, clock, random);
  return cloud::vault::examine(Context{}, client);
}

Condition worst(const Checkup& checkup) { return checkup.lines.back().condition; }

}  // namespace

TEST_CASE("a clock that is off by more than a minute is told, by more than five it is an error") {
  for (const auto sign : {1, -1}) {
    CHECK_FALSE(judge_clock(sign * 60s, "the service"));
    CHECK(judge_clock(sign * 61s, "the service")->severity == Severity::warning);
    CHECK(judge_clock(sign * 300s, "the service")->severity == Severity::warning);
    CHECK(judge_clock(sign * 301s, "the service")->severity == Severity::error);
  }
  CHECK(judge_clock(301s, "the service")->error.summary.find("behind the service's") != std::string::npos);
  CHECK(judge_clock(-301s, "the service")->error.summary.find("ahead of the service's") != std::string::npos);
}

TEST_CASE("how long a token lasts is told, and warned of where a run may outlast it") {
  const auto answer = [](const std::string& more) {
    return R"({"data":{"display_name":"approle","policies":["reads-sip","default"])" + more + "}}";
  };
  auto checkup = of_vault(200, answer(R"(,"ttl":0)"));
  CHECK(checkup.lines.front().message == R"(signed in as "approle", with the policies "reads-sip", "default")");
  CHECK(checkup.lines.back().message == "the token does not end");
  CHECK(worst(of_vault(200, answer(R"(,"ttl":3599,"renewable":false)"))) == Condition::warning);
  CHECK(worst(of_vault(200, answer(R"(,"ttl":3600,"renewable":false)"))) == Condition::good);
  CHECK(worst(of_vault(200, answer(R"(,"ttl":60,"renewable":true)"))) == Condition::good);
}

TEST_CASE("a client certificate that ends within a week is a warning") {
  const auto now = *parse_rfc3339("2026-06-01T12:00:00Z");
  const auto ends_in = [&](Duration left) {
    platform::SimulatedClock clock(now);
    platform::SeededRandom random(1);
    platform::ScriptedHttpClient http;
    http.handle([](const platform::SentRequest&) -> platform::HttpAnswer {
      return http_response(200, R"({"auth":{"client_token":"canary","lease_duration":0},"data":{"ttl":0}})");
    });
    const auto family = testing::make_family(now, "machine", left * 9 / 8);  // a ninth of it has passed
    cloud::vault::Options options;
    options.address = "https://vault.example.com:8200";
    options.login = {cloud::vault::Method::cert, "cert", "",
                     [&] { return SecretBuffer::copy_of(family.leaf.key.text()); },
                     [&] { return SecretBuffer::copy_of(family.chain_pem()); }};
    cloud::vault::Client client(options, http, clock, random);
    return cloud::vault::examine(Context{}, client);
  };
  CHECK(worst(ends_in(std::chrono::days(8))) == Condition::good);
  CHECK(ends_in(std::chrono::days(8)).lines.back().message.find("CN=machine") != std::string::npos);
  CHECK(worst(ends_in(std::chrono::days(6))) == Condition::warning);
  CHECK(ends_in(std::chrono::days(6)).lines.back().message == "the client certificate ends in 6 days");
}

TEST_CASE("a vault that refuses is not one that cannot be reached") {
  CHECK(worst(of_vault(403, R"({"errors":["permission denied"]})")) == Condition::unknown);
  const auto broken = of_vault(400, R"({"errors":["no such thing"]})");
  CHECK(worst(broken) == Condition::bad);
  CHECK(broken.lines.back().message.find("no such thing") != std::string::npos);
}

TEST_CASE("a state that is locked, or that a dead run left something open in, is a warning") {
  ReadState state;
  CHECK(worst(examine_state(state)) == Condition::good);
  state.open_intents.emplace(Address{}, Intent{});
  CHECK(worst(examine_state(state)) == Condition::warning);
  CHECK(examine_state(state).lines.back().error->code == ErrorCode::outcome_unknown);
  state.running = LockInfo{};
  CHECK(examine_state(state).lines.back().error->code == ErrorCode::lock_held);
  CHECK(worst(examine_state(Error(ErrorCode::corrupt, "damaged"))) == Condition::bad);
}
