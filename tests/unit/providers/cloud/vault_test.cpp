// One login for a run, and reading: what the wire shows of both.
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/unit/providers/cloud/vault_bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;
using platform::http_response;

namespace {

using Bench = testing::VaultBench;
const Context k_any;

}  // namespace

TEST_CASE("a run logs in once, with its secret in the body alone, and reads with the token it got") {
  Bench bench;
  bench.serve([](const platform::SentRequest&) { return http_response(200, R"({"data":{}})"); });
  auto client = bench.client();
  REQUIRE(client.read(k_any, "secret/data/sip"));
  REQUIRE(client.read(k_any, "secret/data/sip?version=2"));
  const auto sent = bench.http.sent();
  REQUIRE(sent.size() == 3);
  const auto& login = sent[0];
  CHECK(login.method == "POST");
  CHECK(login.url == "https://vault.example.com:8200/v1/auth/approle/login");
  CHECK(login.body == R"({"role_id":"a role\"","secret_id":"canary-secret-id"})");
  CHECK(login.authorization.empty());
  const auto& read = sent[2];
  CHECK(read.url == "https://vault.example.com:8200/v1/secret/data/sip?version=2");
  CHECK(read.authorization == "Bearer canary-token-1");
  for (const auto& request : sent) {
    const auto is_ours = [](const HttpHeader& header) {
      return header.name == "X-Vault-Namespace" && header.value == "telephony/";
    };
    CHECK(std::count_if(request.headers.begin(), request.headers.end(), is_ours) == 1);
  }
}

TEST_CASE("plain http at a port for https is told as that, whichever call comes first") {
  Bench bench;
  bench.http.handle([](const platform::SentRequest&) {
    return http_response(400, "Client sent an HTTP request to an HTTPS server.\n");
  });
  const auto told = [](const auto& answer) {
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::protocol);
    REQUIRE(answer.error().hints.size() == 1);
    CHECK(answer.error().hints.front().find("https://") != std::string::npos);
  };
  auto by_role = bench.client();
  told(by_role.read(k_any, "secret/data/sip"));
  auto by_token = bench.client(vault::Method::token);
  told(by_token.read(k_any, "secret/data/sip"));
  told(by_token.write(k_any, "secret/data/sip", SecretBuffer::copy_of("{}")));
}

TEST_CASE("a token is renewed when two thirds of its time are over, and fetched again where it cannot be") {
  Bench bench;
  bench.serve([](const platform::SentRequest&) { return http_response(200, "{}"); });
  auto client = bench.client();
  SECTION("renewable") {
    REQUIRE(client.read(k_any, "a"));
    bench.clock.advance(39min);
    REQUIRE(client.read(k_any, "a"));
    CHECK(bench.renewals == 0);
    bench.clock.advance(2min);
    REQUIRE(client.read(k_any, "a"));
    CHECK(bench.renewals == 1);
    bench.clock.advance(39min);
    REQUIRE(client.read(k_any, "a"));
    CHECK(bench.renewals == 1);
    CHECK(bench.logins == 1);
  }
  SECTION("not renewable") {
    bench.lease = R"("lease_duration":60,"renewable":false)";
    REQUIRE(client.read(k_any, "a"));
    bench.clock.advance(41s);
    REQUIRE(client.read(k_any, "a"));
    CHECK(bench.logins == 2);
    CHECK(bench.renewals == 0);
  }
  SECTION("without an end") {
    bench.lease = R"("lease_duration":0,"renewable":false)";
    REQUIRE(client.read(k_any, "a"));
    bench.clock.advance(1000h);
    REQUIRE(client.read(k_any, "a"));
    CHECK(bench.logins == 1);
  }
}

TEST_CASE("a token that is revoked under a run is fetched anew once; what a policy forbids stays forbidden") {
  Bench bench;
  bench.serve([&](const platform::SentRequest& request) {
    const bool is_first = request.authorization == "Bearer canary-token-1";
    if (request.url.ends_with("/fine")) return http_response(200, "{}");
    if (request.url.ends_with("/revoked")) return http_response(is_first ? 403 : 200, R"({"errors":["bad token"]})");
    if (request.url.ends_with("/lookup-self")) return http_response(is_first ? 403 : 200, R"({"data":{}})");
    return http_response(403, R"({"errors":["1 error occurred: permission denied"]})");
  });
  auto client = bench.client();
  REQUIRE(client.read(k_any, "fine"));
  bench.clock.advance(1min);
  CHECK(client.read(k_any, "revoked"));
  CHECK(bench.logins == 2);
  bench.clock.advance(1min);
  const auto denied = client.read(k_any, "forbidden");
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == ErrorCode::denied);
  CHECK(denied.error().summary == "GET /v1/forbidden answered 403: \"1 error occurred: permission denied\"");
  CHECK(denied.error().hints.front().find("path \"forbidden\" { capabilities = [\"read\"] }") != std::string::npos);
  CHECK(bench.logins == 2);
}

TEST_CASE("what a policy forbids costs no token, though a secret id is good for one login alone") {
  Bench bench;
  bench.http.handle([&](const platform::SentRequest& request) {
    if (request.url.ends_with("/login"))
      return bench.logins++ == 0
                 ? http_response(200,
                                 R"({"auth":{"client_token":"canary-token","lease_duration":60,"renewable":true}})")
                 : http_response(400, R"({"errors":["invalid secret id"]})");
    if (request.url.ends_with("/metadata")) return http_response(403, R"({"errors":["permission denied"]})");
    if (request.url.ends_with("/renew-self")) return http_response(500, "{}");
    return http_response(200, R"({"data":{}})");
  });
  auto client = bench.client();
  REQUIRE(client.read(k_any, "fine"));
  bench.clock.advance(1s);
  CHECK_FALSE(client.read(k_any, "metadata"));
  CHECK(bench.logins == 1);
  CHECK(client.read(k_any, "fine"));
  // Nor one that cannot be renewed, until it ends.
  bench.clock.advance(40s);
  CHECK(client.read(k_any, "fine"));
  bench.clock.advance(60s);
  CHECK_FALSE(client.read(k_any, "fine"));
}

TEST_CASE("what passes is asked again, and what does not pass is told at once") {
  Bench bench;
  const int status = GENERATE(412, 429, 500, 502, 503, 504, 400, 405);
  int left = 2;
  bench.serve([&](const platform::SentRequest&) {
    return left-- > 0 ? http_response(status, R"({"errors":["as it is"]})") : http_response(200, "{}");
  });
  auto client = bench.client();
  const auto answer = client.read(k_any, "a");
  const bool passes = status == 412 || status == 429 || status >= 500;
  CHECK(answer.has_value() == passes);
  if (!answer) CHECK(left == 1);
}

TEST_CASE("a wait that the service asks for is kept") {
  Bench bench;
  int left = 1;
  bench.serve([&](const platform::SentRequest&) {
    return left-- > 0 ? http_response(429, "{}", {{"Retry-After", "7"}}) : http_response(200, "{}");
  });
  auto client = bench.client();
  const auto begun = bench.clock.monotonic();
  REQUIRE(client.read(k_any, "a"));
  CHECK(bench.clock.monotonic() - begun >= 7s);
}

TEST_CASE("a login that is refused says so without the secret, whatever the service answers") {
  Bench bench;
  const int status = GENERATE(400, 403, 404, 200);
  bench.http.handle([&](const platform::SentRequest&) {
    return http_response(
        status, R"({"errors":["canary-secret-id of the-role-of-carrier-a is not valid"],"auth":{"client_token":1}})");
  });
  auto client = bench.client();
  const auto refused = client.read(k_any, "a");
  REQUIRE_FALSE(refused);
  const auto text = to_line(refused.error());
  INFO(text);
  CHECK(text.find("/v1/auth/approle/login") != std::string::npos);
  CHECK(text.find("canary") == std::string::npos);
  if (status == 400) CHECK(text.find("of the-role-of-carrier-a is not valid") != std::string::npos);
  if (status == 400 || status == 403) CHECK(refused.error().code == ErrorCode::denied);
  CHECK(bench.http.sent().size() == 1);
}

TEST_CASE("a token that may not look itself up is fetched anew once for all that its policy forbids") {
  Bench bench;
  bench.lease = R"("lease_duration":3600,"renewable":false)";
  bench.serve([&](const platform::SentRequest& request) {
    return http_response(request.url.ends_with("/fine") ? 200 : 403, R"({"errors":["permission denied"]})");
  });
  auto client = bench.client();
  for (const auto* path : {"fine", "forbidden", "forbidden", "fine", "other", "forbidden"}) {
    bench.clock.advance(1min);
    CHECK(client.read(k_any, path).has_value() == (std::string_view(path) == "fine"));
  }
  CHECK(bench.logins == 2);
  // The next token may be another's, with rights of its own.
  bench.clock.advance(1h);
  CHECK_FALSE(client.read(k_any, "forbidden"));
  bench.clock.advance(1min);
  CHECK_FALSE(client.read(k_any, "forbidden"));
  CHECK(bench.logins == 4);
}

TEST_CASE("a given token is used as it is, and renewed where it may be looked at") {
  Bench bench;
  const int lookup = GENERATE(200, 403);
  bench.serve([&](const platform::SentRequest& request) {
    if (request.url.ends_with("/auth/token/lookup-self"))
      return http_response(lookup, R"({"data":{"ttl":60,"renewable":true}})");
    return http_response(request.authorization == "Bearer canary-secret-id" ? 200 : 500, "{}");
  });
  auto client = bench.client(vault::Method::token);
  REQUIRE(client.read(k_any, "a"));
  bench.clock.advance(50s);
  REQUIRE(client.read(k_any, "a"));
  CHECK(bench.logins == 0);
  CHECK(bench.renewals == (lookup == 200 ? 1 : 0));
}

TEST_CASE("the words of the service are its errors, and no others") {
  const auto words = [](std::string body) {
    auto answer = http_response(400, "");
    answer.secret_body = SecretBuffer::copy_of(body);
    return vault::words_of(answer);
  };
  CHECK(words(R"({"errors":["one","two\u001b"]})") == R"("one"; "two\x1b")");
  CHECK(words(R"({"errors":[]})").empty());
  CHECK(words("<html>").empty());
}

TEST_CASE("names are encoded segment by segment") {
  CHECK(vault::encoded_path("/sip/a b/ü?#%/") == "sip/a%20b/%C3%BC%3F%23%25");
  CHECK(vault::encoded_segment("a/b") == "a%2Fb");
}

TEST_CASE("a certificate is shown at the login and at each renewal, and nowhere else; its key is in no body") {
  Bench bench;
  bench.serve([](const platform::SentRequest&) { return http_response(200, "{}"); });
  const bool has_role = GENERATE(true, false);
  auto client = bench.client_with_certificate(has_role ? "a role\"" : "");
  REQUIRE(client.read(k_any, "a"));
  bench.clock.advance(41min);
  REQUIRE(client.read(k_any, "a"));
  CHECK(bench.logins == 1);
  CHECK(bench.renewals == 1);
  const auto sent = bench.http.sent();
  REQUIRE(sent.size() == 4);
  CHECK(sent[0].url == "https://vault.example.com:8200/v1/auth/cert/login");
  CHECK(sent[0].body == (has_role ? R"({"name":"a role\""})" : "{}"));
  for (const auto& request : {sent[0], sent[2]}) {
    CHECK(request.client_chain == bench.certificate);
    CHECK(request.client_key == bench.key);
  }
  for (const auto& request : {sent[1], sent[3]}) CHECK(request.client_chain.empty());
  for (const auto& request : sent) CHECK(request.body.find("PRIVATE KEY") == std::string::npos);
}

TEST_CASE("a certificate that was renewed meanwhile is shown where the old one's token cannot be renewed") {
  Bench bench;
  bench.serve([](const platform::SentRequest&) { return http_response(200, "{}"); });
  bench.lease = R"("lease_duration":60,"renewable":false)";
  auto client = bench.client_with_certificate("");
  REQUIRE(client.read(k_any, "a"));
  const auto renewed = testing::make_family(bench.clock.now(), "machine");
  bench.certificate = renewed.intermediate.pem + renewed.leaf.key.text() + renewed.leaf.pem;
  bench.key = bench.certificate;
  bench.clock.advance(41s);
  REQUIRE(client.read(k_any, "a"));
  const auto sent = bench.http.sent();
  REQUIRE(sent.size() == 4);
  CHECK(sent[2].client_chain == renewed.chain_pem());
  CHECK(sent[2].client_key == renewed.leaf.key.text());
}

TEST_CASE(
    "a certificate that is not taken is named with its owner and its end, and one that cannot be used is not sent") {
  Bench bench;
  bench.http.handle([](const platform::SentRequest&) {
    return http_response(400, R"({"errors":["invalid certificate or no client certificate supplied"]})");
  });
  auto client = bench.client_with_certificate("");
  SECTION("not taken") {
    const auto refused = client.read(k_any, "a");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::denied);
    CHECK(refused.error().summary.find("no client certificate supplied") != std::string::npos);
    CHECK(refused.error().detail.find("CN=machine") != std::string::npos);
    REQUIRE(refused.error().hints.size() == 2);
    CHECK(refused.error().hints.back().find("vault list auth/cert/certs") != std::string::npos);
  }
  SECTION("the key of another") {
    bench.key = testing::Key::make().text();
    const auto refused = client.read(k_any, "a");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().summary ==
          "the client certificate for Vault cannot be used: the key belongs to none of its certificates");
    CHECK(bench.http.sent().empty());
  }
  SECTION("an encrypted key") {
    bench.key = bench.family.leaf.key.text(testing::KeyForm::encrypted_pkcs8, "canary-passphrase");
    const auto refused = client.read(k_any, "a");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_input);
    CHECK(bench.http.sent().empty());
  }
}
