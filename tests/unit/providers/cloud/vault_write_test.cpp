// Writing: what is sent again, and what never is.
#include <catch2/catch.hpp>

#include "tests/unit/providers/cloud/vault_bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;
using platform::http_response;

namespace {

using Bench = testing::VaultBench;
const Context k_writing;

}  // namespace

TEST_CASE("a write goes once, with its body secret, where the service may have carried it out") {
  Bench bench;
  const int status = GENERATE(200, 204, 400, 404, 500, 502, 503, 504);
  int calls = 0;
  bench.serve([&](const platform::SentRequest&) { return ++calls, http_response(status, ""); });
  auto client = bench.client();
  const auto body = SecretBuffer::copy_of(R"({"data":{}})");
  const auto answer = client.write(k_writing, "secret/data/sip", body);
  CHECK(calls == 1);
  CHECK(answer.has_value() == (status < 500));
  if (!answer) {
    CHECK(answer.error().code == ErrorCode::outcome_unknown);
    REQUIRE(answer.error().causes.size() == 1);
    CHECK(answer.error().causes.front().code == ErrorCode::unavailable);
  }
  const auto sent = bench.http.sent().back();
  CHECK(sent.method == "POST");
  CHECK(sent.url == "https://vault.example.com:8200/v1/secret/data/sip");
  CHECK(sent.authorization == "Bearer canary-token-1");
  CHECK(sent.body == R"({"data":{}})");
  CHECK(sent.secret);
}

TEST_CASE("a write is repeated where it certainly was not carried out") {
  Bench bench;
  int left = 2;
  SECTION("the service says that it did not") {
    const int status = GENERATE(412, 429, 503);
    bench.serve([&left, status](const platform::SentRequest&) {
      return left-- > 0 ? http_response(status, R"({"errors":["Vault is sealed"]})") : http_response(204, "");
    });
  }
  SECTION("it was never sent") {
    bench.serve([&](const platform::SentRequest&) -> platform::HttpAnswer {
      if (left-- > 0) return tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "refused"), Reached::no});
      return http_response(204, "");
    });
  }
  SECTION("the token was revoked") {
    bench.serve([&](const platform::SentRequest& request) {
      if (request.url.ends_with("/first")) return http_response(204, "");
      left = request.authorization == "Bearer canary-token-1" ? 0 : -1;
      return http_response(left == 0 ? 403 : 204, R"({"errors":["bad token"]})");
    });
  }
  auto client = bench.client();
  const auto body = SecretBuffer::copy_of("{}");
  REQUIRE(client.write(k_writing, "first", body));
  bench.clock.advance(1min);
  CHECK(client.write(k_writing, "second", body));
  CHECK(left < 0);
}

TEST_CASE("a write whose answer is lost is not repeated") {
  Bench bench;
  const auto code = GENERATE(ErrorCode::unavailable, ErrorCode::timeout, ErrorCode::protocol, ErrorCode::cancelled);
  int calls = 0;
  bench.serve([&](const platform::SentRequest&) -> platform::HttpAnswer {
    ++calls;
    return tl::unexpected(HttpFailure{Error(code, "cut"), Reached::maybe});
  });
  auto client = bench.client();
  const auto answer = client.write(k_writing, "a", SecretBuffer::copy_of("{}"));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::outcome_unknown);
  CHECK(answer.error().causes.front().code == code);
  CHECK(calls == 1);
}
