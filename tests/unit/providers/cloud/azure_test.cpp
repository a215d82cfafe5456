// Who gets a token for what, what is sent for it, and what a vault's answers mean.
#include <algorithm>

#include <catch2/catch.hpp>

#include "providers/cloud/azure/client.hpp"
#include "providers/cloud/azure/token_answer.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "schemas/model/url.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/support/pkcs12_factory.hpp"
#include "tests/unit/providers/cloud/held_secret.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;
using azure::Application;
using azure::Link;
using platform::http_response;
using platform::SentRequest;
using testing::reads;

namespace {

const std::string k_authority = "https://login.microsoftonline.com";
const std::string k_challenge =
    R"(Bearer authorization="https://login.windows.net/tenant-1", resource="https://vault.azure.net")";
const Application k_application{"tenant-1", "client 1"};
const Context k_azure_call;

Link client_secret() {
  return {"the client secret", azure::ClientSecret{k_application, reads("canary+secret&=\n")}, {}};
}
Link nothing(std::string name, std::string why) { return {std::move(name), {}, std::move(why)}; }
Link machine() { return {"the machine", azure::ManagedIdentity{"", "", nullptr}, {}}; }

struct AzureBench {
  platform::SimulatedClock clock{*parse_rfc3339("2026-06-01T12:00:00Z")};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  int logins = 0;
  std::string lasts = R"("expires_in":3600)";

  /// Tokens are given here, all else is answered by `handler`.
  void serve(platform::ScriptedHttpClient::Handler handler) {
    http.handle([this, handler = std::move(handler)](const SentRequest& request) -> platform::HttpAnswer {
      const bool asks =
          request.url.find("/oauth2/") != std::string::npos || request.url.find("/msi/") != std::string::npos;
      if (!asks) return handler(request);
      return http_response(200, R"({"access_token":"canary-token-)" + std::to_string(++logins) + R"(",)" + lasts + "}");
    });
  }
  azure::Client client(std::vector<Link> chain) {
    azure::Options options;
    options.identity = {k_authority, std::move(chain)};
    return {std::move(options), http, clock, random};
  }
  azure::Client client() { return client({client_secret()}); }
  std::vector<SentRequest> sent_with(std::string_view part) const {
    auto sent = http.sent();
    std::erase_if(sent, [&](const auto& one) { return one.url.find(part) == std::string::npos; });
    return sent;
  }
};

const azure::VaultPlace k_vault = *azure::vault_place("sip");

std::string refused(Result<HttpResponse> answer) {
  REQUIRE_FALSE(answer);
  auto line = to_line(answer.error());
  CHECK(line.find("canary") == std::string::npos);
  for (const auto& hint : answer.error().hints) CHECK(hint.find("canary") == std::string::npos);
  return line;
}

platform::HttpAnswer unknown(const std::string& challenge = k_challenge) {
  return http_response(401, R"({"error":{"code":"Unauthorized","message":"who are you"}})",
                       {{"WWW-Authenticate", challenge}});
}

}  // namespace

TEST_CASE("a vault is known by its name or its address, and whom its tokens are for by its host") {
  CHECK(k_vault.address == "https://sip.vault.azure.net");
  CHECK(k_vault.resource == "https://vault.azure.net");
  CHECK(azure::vault_place("https://Sip.vault.azure.cn/")->address == "https://sip.vault.azure.cn");
  CHECK(azure::vault_place("https://sip.vault.azure.cn")->resource == "https://vault.azure.cn");
  CHECK(azure::vault_place("https://sip.vault.azure.net:8443")->address == "https://sip.vault.azure.net:8443");
  CHECK(azure::vault_place("https://sip.vault.azure.net:8443")->resource == "https://vault.azure.net:8443");
  for (const auto* wrong : {"", "ab", "1sip", "sip-", "sip_east", "a-name-that-has-25-letters", "sip.vault.azure.net",
                            "http://sip.vault.azure.net", "https://sip.vault.azure.net/secrets",
                            "https://sip.vault.azure.net?x", "https://vault", "https://azure.net", "https://10.0.0.1",
                            "https://[::1]", "https://user@sip.vault.azure.net"}) {
    INFO(wrong);
    CHECK_FALSE(azure::vault_place(wrong));
  }
}

TEST_CASE("a run logs in once, with its secret in the body alone, and again five minutes before the token ends") {
  AzureBench bench;
  bench.serve([](const SentRequest&) { return http_response(200, "{}"); });
  auto client = bench.client();
  REQUIRE(client.read(k_azure_call, k_vault, "secrets/sip"));
  REQUIRE(client.read(k_azure_call, k_vault, "secrets/sip/1"));
  auto sent = bench.http.sent();
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].method == "POST");
  CHECK(sent[0].url == k_authority + "/tenant-1/oauth2/v2.0/token");
  CHECK(
      sent[0].body ==
      "grant_type=client_credentials&client_id=client%201&scope=https%3A%2F%2Fvault.azure.net%2F.default&client_secret="
      "canary%2Bsecret%26%3D");
  CHECK(sent[0].secret);
  CHECK(sent[1].url == "https://sip.vault.azure.net/secrets/sip?api-version=7.4");
  CHECK(sent[1].authorization == "Bearer canary-token-1");
  bench.clock.advance(54min + 59s);
  REQUIRE(client.read(k_azure_call, k_vault, "secrets/sip"));
  CHECK(bench.logins == 1);
  bench.clock.advance(1s);
  REQUIRE(client.read(k_azure_call, k_vault, "secrets/sip"));
  CHECK(bench.logins == 2);
  // Another cloud's vaults take another token.
  REQUIRE(client.read(k_azure_call, *azure::vault_place("https://sip.vault.azure.cn"), "secrets/sip"));
  CHECK(bench.logins == 3);
}

TEST_CASE("the end of a token is read in each of the services' ways") {
  const auto now = *parse_rfc3339("2026-06-01T12:00:00Z");
  const auto lasts = [&](const std::string& member) {
    const auto granted = azure::granted_by(SecretBuffer::copy_of(R"({"access_token":"t",)" + member + "}"), now);
    REQUIRE(granted);
    return granted->lasts;
  };
  CHECK(lasts(R"("expires_in":3599)") == 3599s);
  CHECK(lasts(R"("expires_in":"3599")") == 3599s);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>((now + 1h).time_since_epoch()).count();
  CHECK(lasts(R"("expires_on":)" + std::to_string(seconds)) == 1h);
  CHECK(lasts(R"("expires_on":")" + std::to_string(seconds) + "\"") == 1h);
  CHECK(lasts(R"("expires_on":"06/01/2026 13:00:00 +00:00")") == 1h);
  CHECK(lasts(R"("expires_on":"6/1/2026 1:00:00 PM +00:00")") == 1h);
  CHECK(lasts(R"("expires_on":"6/1/2026 12:30:00 PM +00:00")") == 30min);
  CHECK(lasts(R"("expires_on":"6/1/2026 1:00:00 AM +00:00")") == 0s);
  CHECK(lasts(R"("expires_on":"6/2/2026 12:00:00 AM +00:00")") == 12h);
  for (const auto* unreadable :
       {"soon", "06-01-2026 13:00:00 +00:00", "06/01/2026 13.00.00 +00:00", "06/01/2026", "1 h"})
    CHECK(lasts(R"("expires_on":")" + std::string(unreadable) + "\"") == std::nullopt);
  CHECK(lasts(R"("expires_in":-5)") == 0s);
  CHECK(lasts(R"("expires_in":"3599 seconds")") == std::nullopt);
  // Whatever a service says: no token is kept for more than a year.
  CHECK(lasts(R"("expires_in":9223372036854775807)") == 366 * 24h);
  CHECK(lasts(R"("expires_on":1)") == 0s);
  CHECK(lasts(R"("expires_on":9223372036854775807)") == 366 * 24h);
  for (const auto* none : {"{}", "", "<html>", R"({"access_token":1})", R"({"access_token":""})"})
    CHECK_FALSE(azure::granted_by(SecretBuffer::copy_of(none), now));
}

TEST_CASE("an application signs for itself with the key of its certificate, out of PEM or PKCS #12") {
  const auto k_now = *parse_rfc3339("2026-06-01T12:00:00Z");
  const auto pair = testing::make_root(testing::root_request(k_now), testing::Key::shared(testing::KeyType::rsa_2048));
  const auto file = GENERATE(0, 1);
  const auto bytes = file == 0 ? pair.pem + pair.key.text() : testing::make_pkcs12(pair, &pair.key, {});
  AzureBench bench;
  bench.serve([](const SentRequest&) { return http_response(200, "{}"); });
  auto client = bench.client({{"the certificate", azure::ClientCertificate{k_application, reads(bytes), nullptr}, {}}});
  REQUIRE(client.read(k_azure_call, k_vault, "secrets/sip"));
  const auto body = bench.http.sent().front().body;
  const std::string k_before =
      "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=";
  const auto begin = body.find(k_before);
  REQUIRE(begin != std::string::npos);
  const auto assertion = body.substr(begin + k_before.size());
  CHECK(std::count(assertion.begin(), assertion.end(), '.') == 2);
  // {"alg":"PS256","typ":"JWT","x5t#S256":"
  CHECK(assertion.starts_with("eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCIsIng1dCNTMjU2Ijoi"));
  // 256 bytes without padding
  CHECK(assertion.size() - assertion.rfind('.') - 1 == 342);
  CHECK(assertion.find_first_of("+/=%") == std::string::npos);
}

TEST_CASE("a certificate that cannot sign is refused before anything is sent") {
  const auto k_now = *parse_rfc3339("2026-06-01T12:00:00Z");
  const auto one = testing::make_root(testing::root_request(k_now));
  const auto other = testing::make_root(testing::root_request(k_now));
  AzureBench bench;
  const auto refuse = [&](const std::string& bytes) {
    auto client =
        bench.client({{"the certificate", azure::ClientCertificate{k_application, reads(bytes), nullptr}, {}}});
    return refused(client.read(k_azure_call, k_vault, "secrets/sip"));
  };
  CHECK(refuse(one.pem + one.key.text()) == "the client certificate of Azure cannot be used: it has no RSA key");
  CHECK(refuse(one.pem + other.key.text()) ==
        "the client certificate of Azure cannot be used: its key belongs to none of its certificates");
  CHECK(bench.http.sent().empty());
}

TEST_CASE("a signed token of others is sent as it is, read anew for each login") {
  AzureBench bench;
  bench.serve([](const SentRequest&) { return http_response(200, "{}"); });
  int read = 0;
  auto client = bench.client({{"workload",
                               azure::WorkloadIdentity{k_application,
                                                       [&]() -> Result<SecretBuffer> {
                                                         return SecretBuffer::copy_of("canary.jwt." +
                                                                                      std::to_string(++read) + "\n");
                                                       }},
                               {}}});
  REQUIRE(client.read(k_azure_call, k_vault, "a"));
  CHECK(bench.http.sent()[0].body.ends_with("&client_assertion=canary.jwt.1"));
  bench.clock.advance(1h);
  REQUIRE(client.read(k_azure_call, k_vault, "a"));
  CHECK(bench.http.sent()[2].body.ends_with("&client_assertion=canary.jwt.2"));
}

TEST_CASE("a machine is asked at its own addresses") {
  AzureBench bench;
  bench.lasts = R"("expires_on":"1780318800")";
  bench.serve([](const SentRequest&) { return http_response(200, "{}"); });
  SECTION("App Service and Functions, with the password that they gave") {
    auto client = bench.client(
        {{"the machine", azure::ManagedIdentity{"id 1", "http://127.0.0.1:41/msi/token", reads("canary-header")}, {}}});
    REQUIRE(client.read(k_azure_call, k_vault, "a"));
    const auto asked = bench.http.sent().front();
    CHECK(
        asked.url ==
        "http://127.0.0.1:41/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net&client_id=id%201");
    REQUIRE(asked.secret_headers.size() == 1);
    CHECK(asked.secret_headers[0].name == "X-IDENTITY-HEADER");
    CHECK(asked.secret_headers[0].value == "canary-header");
  }
  SECTION("a virtual machine, after a look whether anybody is there") {
    auto client = bench.client({machine()});
    REQUIRE(client.read(k_azure_call, k_vault, "a"));
    const auto sent = bench.http.sent();
    REQUIRE(sent.size() == 3);
    CHECK(sent[0].timeout == 1s);
    CHECK(std::none_of(sent[0].headers.begin(), sent[0].headers.end(),
                       [](const auto& one) { return one.name == "Metadata"; }));
    CHECK(sent[1].url ==
          "http://169.254.169.254/metadata/identity/oauth2/"
          "token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net");
    CHECK(std::any_of(sent[1].headers.begin(), sent[1].headers.end(),
                      [](const auto& one) { return one.name == "Metadata" && one.value == "true"; }));
    CHECK(sent[2].authorization == "Bearer canary-token-2");
  }
}

TEST_CASE("the first link that can answer does, and where none can each is named with why") {
  AzureBench bench;
  SECTION("none") {
    const int answers = GENERATE(0, 400);
    bench.http.handle([&](const SentRequest&) -> platform::HttpAnswer {
      if (answers == 0) return tl::unexpected(HttpFailure{Error(ErrorCode::timeout, "nobody"), Reached::no});
      return http_response(answers, R"({"error":"invalid_request","error_description":"Identity not found"})");
    });
    auto client = bench.client({nothing("secret", "A is not set"), nothing("workload", "B is not set"), machine()});
    const auto line = refused(client.read(k_azure_call, k_vault, "a"));
    CHECK(line.starts_with(
        "no credentials for Azure: looked at: secret: A is not set; workload: B is not set; the machine: "));
    CHECK((line.find("does not answer") != std::string::npos) == (answers == 0));
    CHECK((line.find("Identity not found") != std::string::npos) == (answers == 400));
    // Not a minute of tries where nobody is.
    CHECK(bench.http.sent().size() == (answers == 0 ? 1 : 2));
  }
  SECTION("credentials that are not taken are not followed by others") {
    bench.http.handle([](const SentRequest&) {
      return http_response(
          401, R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid.\r\nTrace ID: 5"})");
    });
    auto client = bench.client({client_secret(), machine()});
    CHECK(refused(client.read(k_azure_call, k_vault, "a")) ==
          "POST " + k_authority + R"(/tenant-1/oauth2/v2.0/token answered 401: "AADSTS7000215: Invalid.")");
    CHECK(bench.http.sent().size() == 1);
  }
}

TEST_CASE("a token whose end is not known, or is near, serves one call alone") {
  AzureBench bench;
  bench.lasts = GENERATE(R"("expires_on":"soon")", R"("expires_in":100)", R"("expires_in":300)");
  bench.serve([](const SentRequest&) { return http_response(200, "{}"); });
  auto client = bench.client();
  REQUIRE(client.read(k_azure_call, k_vault, "a"));
  REQUIRE(client.read(k_azure_call, k_vault, "a"));
  CHECK(bench.logins == 2);
}

TEST_CASE("who was refused while somebody else fetched another token takes that one") {
  AzureBench bench;
  azure::Client* other = nullptr;
  bench.serve([&](const SentRequest& request) -> platform::HttpAnswer {
    if (request.authorization != "Bearer canary-token-1") return http_response(200, "{}");
    if (request.url.find("/slow") != std::string::npos) {
      bench.clock.advance(1min);
      REQUIRE(other->read(k_azure_call, k_vault, "quick"));
    }
    return unknown();
  });
  auto client = bench.client();
  other = &client;
  REQUIRE(client.read(k_azure_call, k_vault, "slow"));
  CHECK(bench.logins == 2);
}

TEST_CASE("the link that answered once is asked from then on, and no other") {
  AzureBench bench;
  int machine_has = 0;
  bench.http.handle([&](const SentRequest& request) -> platform::HttpAnswer {
    if (request.url.find("169.254.169.254") != std::string::npos && machine_has == 0)
      return http_response(400, R"({"error":"invalid_request"})");
    if (request.url.find("/oauth2/") == std::string::npos) return http_response(200, "{}");
    return http_response(200, R"({"access_token":"canary","expires_in":3600})");
  });
  const auto china = *azure::vault_place("https://sip.vault.azure.cn");
  SECTION("the second") {
    auto client = bench.client({machine(), client_secret()});
    REQUIRE(client.read(k_azure_call, k_vault, "a"));
    machine_has = 1;
    REQUIRE(client.read(k_azure_call, china, "a"));
    CHECK(bench.sent_with("169.254.169.254").size() == 2);
    CHECK(bench.sent_with(k_authority).size() == 2);
  }
  SECTION("a machine, which is looked for once") {
    machine_has = 1;
    auto client = bench.client({machine(), client_secret()});
    REQUIRE(client.read(k_azure_call, k_vault, "a"));
    REQUIRE(client.read(k_azure_call, china, "a"));
    CHECK(bench.sent_with("169.254.169.254").size() == 3);
    CHECK(bench.sent_with(k_authority).empty());
  }
}

TEST_CASE("an application that is refused is told with its name") {
  AzureBench bench;
  bench.http.handle([](const SentRequest&) { return http_response(401, R"({"error":"invalid_client"})"); });
  auto client = bench.client();
  const auto answer = client.read(k_azure_call, k_vault, "a");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().hints ==
        std::vector<std::string>{"check the client secret, and the application it is of, client 1"});
  CHECK(to_line(answer.error()).find("\"invalid_client\"") != std::string::npos);
}

TEST_CASE("a token that is not taken any more is fetched anew once") {
  AzureBench bench;
  bench.serve([&](const SentRequest& request) {
    if (request.url.find("/fine") != std::string::npos) return platform::HttpAnswer(http_response(200, "{}"));
    return request.authorization == "Bearer canary-token-1" ? unknown() : http_response(200, "{}");
  });
  auto client = bench.client();
  REQUIRE(client.read(k_azure_call, k_vault, "fine"));
  bench.clock.advance(1min);
  CHECK(client.read(k_azure_call, k_vault, "a"));
  CHECK(bench.logins == 2);
}

TEST_CASE("a challenge of somebody else's is told, and never followed") {
  AzureBench bench;
  const auto [challenge, words] = GENERATE(table<std::string, std::string>({
      {R"(Bearer authorization="https://login.evil.example/tenant-1", resource="https://vault.azure.net")",
       "wants us to log in at \"login.evil.example\""},
      {R"(Bearer authorization="https://login.windows.net/tenant-2", resource="https://vault.azure.net")",
       "belongs to the tenant \"tenant-2\""},
      {R"(Bearer authorization="https://login.windows.net/tenant-1", resource="https://graph.microsoft.com")",
       "asks for a token for \"https://graph.microsoft.com\""},
      {R"(bearer authorization_uri=https://login.windows.net/tenant-1, scope=https://vault.azure.net.evil.example/.default)",
       "asks for a token for"},
      {R"(Bearer resource="https://azure.net", authorization="https://login.windows.net/tenant-1")",
       "asks for a token for \"https://azure.net\""},
  }));
  bench.serve([&, challenge = challenge](const SentRequest&) { return unknown(challenge); });
  auto client = bench.client();
  const auto line = refused(client.read(k_azure_call, k_vault, "a"));
  INFO(line);
  CHECK(line.find(words) != std::string::npos);
  for (const auto& request : bench.http.sent()) {
    const auto host = parse_url(request.url.substr(0, request.url.find('?')))->host;
    CHECK((host == "login.microsoftonline.com" || host == "sip.vault.azure.net"));
  }
  CHECK(bench.http.sent().size() == 2);
}

TEST_CASE("a challenge of the vault's own is no reason to stop before a second token was tried") {
  AzureBench bench;
  bench.serve([](const SentRequest&) { return unknown(); });
  auto client = bench.client();
  (void)client.read(k_azure_call, k_vault, "a");
  bench.clock.advance(1min);
  CHECK(refused(client.read(k_azure_call, k_vault, "a")).find("answered 401: \"Unauthorized\": \"who are you\"") !=
        std::string::npos);
  CHECK(bench.logins == 2);
}

TEST_CASE("a vault that is busy is asked again when it says, and a refusal is told at once") {
  AzureBench bench;
  const int status = GENERATE(429, 500, 503, 400, 403, 404, 409);
  int left = 2;
  bench.serve([&](const SentRequest&) {
    return left-- > 0 ? http_response(status, R"({"error":{"code":"X","message":"as it is"}})", {{"Retry-After", "3"}})
                      : http_response(200, "{}");
  });
  auto client = bench.client();
  const auto begun = bench.clock.monotonic();
  const auto answer = client.read(k_azure_call, k_vault, "a");
  const bool passes = status == 429 || status >= 500;
  CHECK(answer.has_value() == passes);
  if (passes) CHECK(bench.clock.monotonic() - begun >= 6s);
  if (!answer) CHECK(left == 1);
}

namespace {

std::string item(const std::string& version, int created, const std::string& more = "") {
  return R"({"id":"https://sip.vault.azure.net/secrets/sip/)" + version +
         R"(","attributes":{"enabled":true,"created":)" + std::to_string(created) + more + "}}";
}
std::string page(const std::string& items, const std::string& next = "") {
  return R"({"value":[)" + items + R"(],"nextLink":)" + (next.empty() ? "null" : "\"" + next + "\"") + "}";
}
/// As the service writes it, and where that is read.
const std::string k_next_link = "https://sip.vault.azure.net:443/secrets/sip/versions?api-version=7.4&$skiptoken=2";
const std::string k_next = "https://sip.vault.azure.net/secrets/sip/versions?api-version=7.4&$skiptoken=2";

}  // namespace

TEST_CASE("all pages of a list are read, and its versions are put in order") {
  AzureBench bench;
  bench.serve([&](const SentRequest& request) {
    if (request.url == k_next) return http_response(200, page(item("c", 30) + "," + item("a", 10)));
    return http_response(200, page(item("b", 20, R"(,"nbf":5,"exp":6)"), k_next_link));
  });
  auto client = bench.client();
  const auto versions = client.versions(k_azure_call, k_vault, "secrets/sip");
  REQUIRE(versions);
  REQUIRE(versions->size() == 3);
  CHECK((*versions)[0].version == "c");
  CHECK((*versions)[1].version == "b");
  CHECK((*versions)[1].expires == Instant(6s));
  CHECK((*versions)[2].version == "a");
}

TEST_CASE("a list that ends early, goes round or leads elsewhere is none") {
  AzureBench bench;
  const auto begin = page(item("b", 20), GENERATE(k_next, k_next_link));
  const auto [second, words] = GENERATE(table<std::string, std::string>({
      {"", "answered 404"},
      {R"({"value":[)", "was not understood"},
      {R"({"value":[{"id":"https://sip.vault.azure.net/secrets/sip"}]})", "was not understood"},
      {page("", k_next), "goes round in a circle"},
      {page("", k_next_link), "goes round in a circle"},
      {page("", "https://sip.vault.azure.net:8443/secrets/sip/versions?x"), "goes on elsewhere"},
      {page("", "https://a@sip.vault.azure.net/secrets/sip/versions?x"), "goes on elsewhere"},
      {page("", "https://evil.example/secrets/sip/versions?x"), "goes on elsewhere"},
      {page("", "https://sip.vault.azure.net.evil.example/secrets/sip/versions?x"), "goes on elsewhere"},
      {page("", "https://sip.vault.azure.net/secrets/other/versions?x"), "goes on elsewhere"},
      {page("", "http://sip.vault.azure.net/secrets/sip/versions?x"), "goes on elsewhere"},
  }));
  bench.serve([&, second = second](const SentRequest& request) {
    if (request.url != k_next) return http_response(200, begin);
    return second.empty() ? http_response(404, "{}") : http_response(200, second);
  });
  auto client = bench.client();
  const auto versions = client.versions(k_azure_call, k_vault, "secrets/sip");
  REQUIRE_FALSE(versions);
  INFO(to_line(versions.error()));
  CHECK(to_line(versions.error()).find(words) != std::string::npos);
  CHECK(bench.sent_with("evil").empty());
}
