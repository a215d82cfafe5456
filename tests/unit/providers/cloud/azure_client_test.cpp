// How a key vault is asked, what its refusals mean, and what a list of versions must say.
#include <catch2/catch.hpp>

#include "providers/cloud/azure/client.hpp"
#include "providers/cloud/azure/version_list.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;
using platform::http_response;
using platform::SentRequest;

namespace {

/// Keeps how each request is to be carried out.
class VaultHttp final : public HttpClient {
 public:
  platform::ScriptedHttpClient script;
  std::vector<HttpRequest> requests;
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override {
    requests.push_back(request);
    return script.send(context, request);
  }
};

struct VaultBench {
  platform::SimulatedClock clock{*parse_rfc3339("2026-06-01T12:00:00Z")};
  platform::SeededRandom random{1};
  VaultHttp http;
  azure::VaultPlace place = *azure::vault_place("sip");
  int logins = 0;
  int refused_logins = 0, login_status = 503;
  azure::Client client{options(), http, clock, random};

  explicit VaultBench(platform::ScriptedHttpClient::Handler handler) {
    http.script.handle([this, handler = std::move(handler)](const SentRequest& request) -> platform::HttpAnswer {
      if (request.url.find("/oauth2/") == std::string::npos) return handler(request);
      if (refused_logins-- > 0) return http_response(login_status, R"({"error":"temporarily"})");
      return http_response(200, R"({"access_token":"canary-)" + std::to_string(++logins) + R"(","expires_in":3600})");
    });
  }
  static azure::Options options() {
    azure::Options options;
    options.identity = {
        "https://login.microsoftonline.com",
        {{"secret",
          azure::ClientSecret{{"t", "c"}, [] { return Result<SecretBuffer>(SecretBuffer::copy_of("s")); }},
          {}}}};
    return options;
  }
};

Error error_for(int status, const std::string& body) {
  const auto refusal = azure::refusal_of("GET x", http_response(status, body));
  REQUIRE(refusal);
  return refusal->error;
}

std::string inner(const std::string& code, const std::string& name = "innererror") {
  return R"({"error":{"code":"Forbidden","message":"as it is\r\nCaller: canary",")" + name + R"(":{"code":")" + code +
         R"("}}})";
}

}  // namespace

TEST_CASE("a key vault is asked within bounds, and what may be a secret is kept as one") {
  VaultBench bench([](const SentRequest&) { return http_response(200, R"({"value":[]})"); });
  const auto body = SecretBuffer::copy_of("{}");
  REQUIRE(bench.client.read({}, bench.place, "secrets/sip"));
  REQUIRE(bench.client.versions({}, bench.place, "secrets/sip"));
  REQUIRE(bench.client.write({}, "PUT", bench.place, "secrets/sip", body, Repeat::refused_only));
  REQUIRE(bench.http.requests.size() == 4);
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK(bench.http.requests[i].body_limit == 8U << 20);
    CHECK(bench.http.requests[i].timeout == VaultBench::options().timeout);
    CHECK(bench.http.requests[i].plain == PlainHttp::loopback);
  }
  CHECK(bench.http.requests[1].secret_answer);
  CHECK_FALSE(bench.http.requests[2].secret_answer);  // of what there is, without a value
  CHECK(bench.http.requests[3].secret_answer);
  CHECK(bench.http.requests[3].method == "PUT");
}

TEST_CASE("the innermost code of a refusal is what it means, and the first line of its words is shown") {
  const auto denied = error_for(403, inner("ForbiddenByRbac"));
  CHECK(denied.code == ErrorCode::denied);
  CHECK(denied.summary == R"(GET x answered 403: "ForbiddenByRbac": "as it is")");
  CHECK(denied.hints.front().find("Key Vault Secrets User") != std::string::npos);
  CHECK(error_for(403, inner("ForbiddenByPolicy", "innerError")).summary.find("ForbiddenByPolicy") !=
        std::string::npos);
  for (const auto* code : {"ForbiddenByFirewall", "ForbiddenByConnection"})
    CHECK(error_for(403, inner(code)).hints.front().find("network-rule") != std::string::npos);
  for (const auto* code : {"SecretDisabled", "CertificateDisabled"}) {
    const auto error = error_for(403, inner(code));
    CHECK(error.code == ErrorCode::not_found);
    CHECK(error.hints.front().find("set-attributes --enabled true") != std::string::npos);
  }
  CHECK(error_for(404, "{}").code == ErrorCode::not_found);
  CHECK(error_for(409, "{}").code == ErrorCode::rejected);
  CHECK(error_for(302, "{}").code == ErrorCode::protocol);
}

TEST_CASE("a vault that refuses for good is asked once, with one token; one that never knows us, twice") {
  const int status = GENERATE(403, 404, 401);
  VaultBench* at = nullptr;
  VaultBench bench([&](const SentRequest&) {
    at->clock.advance(1min);
    return http_response(status, "{}");
  });
  at = &bench;
  CHECK_FALSE(bench.client.read({}, bench.place, "a"));
  CHECK(bench.logins == (status == 401 ? 2 : 1));
  CHECK(bench.http.requests.size() == (status == 401 ? 4 : 2));
}

TEST_CASE("a write that failed on the way may have been done, and is not sent again") {
  VaultBench bench([](const SentRequest&) { return http_response(500, "{}"); });
  const auto body = SecretBuffer::copy_of("{}");
  const auto answer = bench.client.write({}, "PUT", bench.place, "secrets/sip", body, Repeat::refused_only);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::outcome_unknown);
  CHECK(bench.http.requests.size() == 2);
}

TEST_CASE("an authority that is busy is asked again, as a vault is") {
  VaultBench bench([](const SentRequest&) { return http_response(200, "{}"); });
  bench.refused_logins = 2;
  bench.login_status = GENERATE(429, 500, 503);
  CHECK(bench.client.read({}, bench.place, "a"));
  CHECK(bench.http.requests.size() == 4);
}

TEST_CASE("a version is known by the last part of its address, and by nothing that is shorter or longer") {
  CHECK(azure::version_in("https://sip.vault.azure.net/secrets/sip/1") == "1");
  for (const auto* id : {"", "https://sip.vault.azure.net/secrets/sip", "https://sip.vault.azure.net/secrets/sip/1/2",
                         "secrets/sip/1", "https://sip.vault.azure.net/secrets/sip/"})
    CHECK(azure::version_in(id).empty());
}

TEST_CASE("a list of versions is whole or not understood") {
  const std::string id = R"("id":"https://sip.vault.azure.net/secrets/sip/1")";
  const auto page = azure::version_page_of(
      R"({"value":[{)" + id +
      R"(,"attributes":{"enabled":false,"created":1,"nbf":2,"exp":3},"tags":{"a":"b","n":1}}]})");
  REQUIRE(page);
  REQUIRE(page->items.size() == 1);
  const auto& item = page->items.front();
  CHECK(item.version == "1");
  CHECK_FALSE(item.enabled);
  CHECK(item.created == Instant(1s));
  CHECK(item.not_before == Instant(2s));
  CHECK(item.expires == Instant(3s));
  CHECK(item.tags == std::map<std::string, std::string>{{"a", "b"}});
  CHECK(page->next_link.empty());
  for (const auto& wrong :
       {"{" + id + "}", "{" + id + R"(,"attributes":{}})", "{" + id + R"(,"attributes":{"enabled":1}})",
        std::string(R"({"attributes":{"enabled":true}})"), std::string(R"({"id":"x","attributes":{"enabled":true}})")})
    CHECK_FALSE(azure::version_page_of(R"({"value":[)" + wrong + "]}"));
  CHECK_FALSE(azure::version_page_of(R"({"value":{}})"));
}
