// What a checkup of a cluster and of a key vault asks, and what it makes of the answers.
#include "providers/cloud/azure/checkup.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "providers/cloud/kubernetes/checkup.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/token_claims.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/unit/providers/cloud/held_secret.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;
using platform::http_response;
using testing::reads;

namespace {

const Instant k_noon = *parse_rfc3339("2026-06-01T12:00:00Z");

std::string token_with(const std::string& claims) {
  return "e30." + std::string(secret_base64url(claims).view()) + ".canary-signature";
}
std::string token_until(Instant end) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(end.time_since_epoch()).count();
  return token_with(R"({"exp":)" + std::to_string(seconds) + "}");
}

struct Surgery {
  platform::SimulatedClock clock{k_noon};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;

  Checkup of_cluster(std::string token, platform::ScriptedHttpClient::Handler handler) {
    http.handle(std::move(handler));
    kubernetes::Options options;
    options.server = "https://10.0.0.1:443";
    options.token = [token = std::move(token)] { return SecretBuffer::copy_of(token + "\n"); };
    kubernetes::Client client(std::move(options), http, clock, random);
    return kubernetes::examine({}, client, {{"sip", "ea\"st"}});
  }
  /// Tokens are `token`, all else is answered by `handler`.
  Checkup of_key_vault(azure::Link link, std::string token, platform::ScriptedHttpClient::Handler handler) {
    http.handle([token = std::move(token),
                 handler = std::move(handler)](const platform::SentRequest& request) -> platform::HttpAnswer {
      if (request.url.find("/oauth2/") == std::string::npos) return handler(request);
      return http_response(200, R"({"access_token":")" + token + R"(","expires_in":3600})");
    });
    azure::Options options;
    options.identity.authority = "https://login.microsoftonline.com";
    options.identity.chain.push_back(std::move(link));
    azure::Client client(std::move(options), http, clock, random);
    return azure::examine({}, client, *azure::vault_place("sip"), "secrets/east");
  }
};

const azure::Application k_patient{"tenant-1", "client-1"};

bool has_line(const Checkup& checkup, Condition condition, const std::string& part) {
  return std::any_of(checkup.lines.begin(), checkup.lines.end(), [&](const CheckupLine& line) {
    return line.condition == condition && line.message.find(part) != std::string::npos;
  });
}

/// A cluster that allows, or does not.
platform::ScriptedHttpClient::Handler cluster(bool allows, const std::string& reason = "") {
  return [=](const platform::SentRequest& request) -> platform::HttpAnswer {
    if (request.url.ends_with("/apis/authentication.k8s.io/v1/selfsubjectreviews"))
      return http_response(201, R"({"status":{"userInfo":{"username":"system:serviceaccount:sip:trunkform"}}})");
    if (!request.url.ends_with("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")) return http_response(500, "");
    return http_response(201, std::string(R"({"status":{"allowed":)") + (allows ? "true" : "false") +
                                  (reason.empty() ? "" : R"(,"reason":")" + reason + "\"") + "}}");
  };
}

}  // namespace

TEST_CASE("claims are read out of the middle of a token, and whatever is none has none") {
  TokenClaims claims(token_with(R"({"appid":"a","exp":1780315200})"));
  CHECK(claims.text("appid") == "a");
  CHECK(claims.end() == k_noon);
  for (const auto* text : {"", "opaque", "a.b", "a.!.c", "..", "e30.e30.x"}) CHECK_FALSE(TokenClaims(text).end());
}

TEST_CASE("a cluster tells who we are and what we may read, and no secret is read for it") {
  Surgery bench;
  const auto checkup = bench.of_cluster(token_until(k_noon + 30min), cluster(true));
  CHECK(checkup.place == "https://10.0.0.1:443");
  CHECK(has_line(checkup, Condition::good, "signed in as \"system:serviceaccount:sip:trunkform\""));
  CHECK(has_line(checkup, Condition::good, "token lasts for 30 min"));
  CHECK(has_line(checkup, Condition::good, "the secret \"sip/ea\\\"st\" may be read"));
  const auto sent = bench.http.sent();
  REQUIRE(sent.size() == 2);
  for (const auto& request : sent) {
    CHECK(request.method == "POST");
    CHECK(request.authorization == "Bearer " + token_until(k_noon + 30min));
  }
  CHECK(sent.back().body.find(
            R"("resourceAttributes":{"verb":"get","resource":"secrets","namespace":"sip","name":"ea\"st"})") !=
        std::string::npos);
}

TEST_CASE("what a Role does not allow is bad, in the cluster's own words where it has any") {
  const auto refused = Surgery().of_cluster(token_until(k_noon + 1h), cluster(false));
  CHECK(has_line(refused, Condition::bad, "may not be read"));
  CHECK(refused.lines.back().error->detail == "no Role allows it");
  CHECK(refused.lines.back().error->hints.front() == kubernetes::k_missing_role);
  const auto told = Surgery().of_cluster(token_until(k_noon + 1h), cluster(false, "not on Mondays"));
  CHECK(told.lines.back().error->detail == "the cluster says \"not on Mondays\"");
}

TEST_CASE("a token that is not taken, has ended or does not say when, and an old cluster, are told apart") {
  const auto unknown = [](const platform::SentRequest&) -> platform::HttpAnswer {
    return http_response(401, R"({"message":"Unauthorized"})");
  };
  const auto refused = Surgery().of_cluster(token_until(k_noon - 1s), unknown);
  CHECK(has_line(refused, Condition::bad, "ended on 2026-06-01T11:59:59Z"));
  CHECK(has_line(refused, Condition::bad, "answered 401: \"Unauthorized\""));
  CHECK(refused.lines.size() == 2);
  CHECK(has_line(Surgery().of_cluster("opaque", cluster(true)), Condition::unknown, "does not say when it ends"));
  const auto old = Surgery().of_cluster("opaque", [](const platform::SentRequest& request) -> platform::HttpAnswer {
    if (request.url.ends_with("/selfsubjectreviews")) return http_response(404, "{}");
    return http_response(201, R"({"status":{"allowed":true}})");
  });
  CHECK(has_line(old, Condition::unknown, "older than Kubernetes 1.28"));
  CHECK(has_line(old, Condition::good, "may be read"));
}

TEST_CASE("a key vault's token says whose it is, the vault whether it lets us in, and no value is read") {
  Surgery bench;
  const auto token = token_with(R"({"appid":"client-1","oid":"object-1","tid":"tenant-1","exp":1780318800})");
  const auto checkup =
      bench.of_key_vault({"the client secret", azure::ClientSecret{k_patient, reads("canary-secret")}, {}}, token,
                         [](const platform::SentRequest&) { return http_response(200, R"({"value":[]})"); });
  CHECK(checkup.place == "https://sip.vault.azure.net");
  CHECK(has_line(checkup, Condition::good,
                 R"(signed in by the client secret: application "client-1", object "object-1", tenant "tenant-1")"));
  CHECK(has_line(checkup, Condition::good, "the token lasts for 60 min") !=
        has_line(checkup, Condition::good, "the token lasts for 1 h"));
  CHECK(has_line(checkup, Condition::unknown, "az ad app credential list"));
  CHECK(has_line(checkup, Condition::good, "list the versions of \"secrets/east\""));
  CHECK(bench.http.sent().size() == 2);
  CHECK(bench.http.sent().back().url.starts_with("https://sip.vault.azure.net/secrets/east/versions?"));
  for (const auto& line : checkup.lines) CHECK(line.message.find("canary") == std::string::npos);
}

TEST_CASE("a vault that refuses, and a token that cannot be looked into") {
  const azure::Link link{"the client secret", azure::ClientSecret{k_patient, reads("canary-secret")}, {}};
  const auto refused = Surgery().of_key_vault(link, "opaque", [](const platform::SentRequest&) {
    return http_response(403,
                         R"({"error":{"innererror":{"code":"ForbiddenByRbac"},"message":"Caller is not authorized"}})");
  });
  CHECK(has_line(refused, Condition::good, "application unnamed"));
  CHECK(has_line(refused, Condition::unknown, "the token does not say when it ends"));
  CHECK(has_line(refused, Condition::bad, "\"ForbiddenByRbac\": \"Caller is not authorized\""));
}

TEST_CASE("what proves who we are in Azure ends too: a certificate and a signed token say when") {
  const auto listed = [](const platform::SentRequest&) { return http_response(200, R"({"value":[]})"); };
  auto request = testing::leaf_request(k_noon, "trunkform");
  request.not_after = k_noon + std::chrono::days(3);
  const auto key = testing::Key::shared(testing::KeyType::rsa_2048);
  const auto own = testing::make_root(request, key);
  const auto by_certificate = Surgery().of_key_vault(
      {"the certificate", azure::ClientCertificate{k_patient, reads(own.pem + key.text()), nullptr}, {}}, "opaque",
      listed);
  CHECK(has_line(by_certificate, Condition::warning, "the client certificate ends in 3 days"));
  const auto by_token = Surgery().of_key_vault(
      {"the token", azure::WorkloadIdentity{k_patient, reads(token_until(k_noon + 2h))}, {}}, "opaque", listed);
  CHECK(has_line(by_token, Condition::good, "the token that proves it lasts for 2 h"));
}
