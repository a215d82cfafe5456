// step-ca by what it says on the wire; the same against a real one: tests/integration/issuer_step_ca.sh.
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "providers/issuers/step_ca/issuer.hpp"
#include "providers/x509/jws.hpp"
#include "tests/unit/providers/issuers/bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::issuers;
using platform::http_response;
using Json = nlohmann::json;

namespace {

std::string decoded(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  const auto padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  REQUIRE(size >= 0);
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

struct Token {
  Json header, payload;
  explicit Token(const std::string& compact) {
    const auto dot = compact.find('.');
    const auto end = compact.rfind('.');
    header = Json::parse(decoded(compact.substr(0, dot)));
    payload = Json::parse(decoded(compact.substr(dot + 1, end - dot - 1)));
  }
};

struct StepBench {
  Authority authority;
  platform::SimulatedClock clock{authority.now};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  platform::SimulatedFileSystem files;
  testing::Key key = testing::Key::shared();
  std::vector<std::string> hosts;
  bool is_trusted = true;
  StepCaPlace place{"https://ca.example.com:9000", "sip\"ca", "env:KEY", "", {}, "/etc/root.pem"};

  StepCa issuer() {
    return {{files, http, clock, random,
             [this](const std::string& reference) -> Result<SecretBuffer> {
               CHECK(reference == "env:KEY");
               return SecretBuffer::copy_of(key.text());
             },
             [](const std::string& reference) -> Result<> {
               if (reference == "env:KEY") return {};
               return Error(ErrorCode::untrusted, "not to be read");
             },
             [this](const std::string& url, const std::string& kind) -> Result<> {
               hosts.push_back(kind + " " + url);
               if (is_trusted) return {};
               return Error(ErrorCode::untrusted, "not trusted");
             }},
            place};
  }
  std::string signed_for(const Order& order) const {
    return Json{{"certChain", {authority.sign(order), authority.family.intermediate.pem}}}.dump();
  }
  Json body(std::size_t index = 0) const { return Json::parse(http.sent().at(index).body); }
};

std::string message(const std::string& words) { return Json{{"status", 403}, {"message", words}}.dump(); }

}  // namespace

TEST_CASE("step_ca: the token says who asks for what, where, and until when") {
  StepBench bench;
  auto made = order_for({"sip:example.com", "sip.example.com", "192.0.2.7"});
  made.order.lifetime = 24h;
  bench.http.push(201, bench.signed_for(made));
  auto issuer = bench.issuer();
  CHECK(x509::parse_certificates(issued_pem(issuer.submit(k_any, made.order))).value().size() == 2);
  const auto sent = bench.http.sent().front();
  CHECK(sent.method == "POST");
  CHECK(sent.url == "https://ca.example.com:9000/1.0/sign");
  CHECK(sent.secret);
  CHECK(bench.hosts == std::vector<std::string>{"step_ca https://ca.example.com:9000"});
  const auto body = bench.body();
  CHECK(body["notAfter"] == "86400s");
  CHECK(body["csr"].get<std::string>().starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"));
  const Token token(body["ott"]);
  CHECK(token.header["alg"] == "ES256");
  CHECK(token.header["kid"].get<std::string>().size() == 43);
  CHECK_FALSE(token.header.contains("x5c"));
  CHECK(token.payload["iss"] == "sip\"ca");
  CHECK(token.payload["aud"] == "https://ca.example.com:9000/1.0/sign");
  CHECK(token.payload["sub"] == "sip.example.com");
  CHECK(token.payload["sans"] == Json{"sip:example.com", "sip.example.com", "192.0.2.7"});
  CHECK(token.payload["jti"].get<std::string>().size() == 36);
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(bench.authority.now.time_since_epoch()).count();
  CHECK(token.payload["nbf"] == now);
  CHECK(token.payload["iat"] == now);
  CHECK(token.payload["exp"] == now + 300);
}

TEST_CASE("step_ca: without a DNS name the first name is the subject, and a key's own id is used") {
  StepBench bench;
  bench.place.key_id = "kid-1";
  const auto made = order_for({"sip:example.com"});
  bench.http.push(201, bench.signed_for(made));
  auto issuer = bench.issuer();
  CHECK(issuer.submit(k_any, made.order));
  const Token token(bench.body()["ott"]);
  CHECK(token.payload["sub"] == "sip:example.com");
  CHECK(token.header["kid"] == "kid-1");
  CHECK(bench.body()["notAfter"].get<std::string>().empty());
}

TEST_CASE("step_ca: an X5C provisioner is shown the certificate, which must be the key's and not have ended") {
  StepBench bench;
  const auto made = order_for({"sip.example.com"});
  auto family = bench.authority.family;
  bench.key = family.leaf.key;
  bench.place.certificate = "/x5c.pem";
  REQUIRE(bench.files.replace("/x5c.pem", family.chain_pem(), 0600));
  SECTION("it is") {
    bench.http.push(201, bench.signed_for(made));
    auto issuer = bench.issuer();
    CHECK(issuer.submit(k_any, made.order));
    const Token token(bench.body()["ott"]);
    REQUIRE(token.header["x5c"].size() == 2);
    std::string der = token.header["x5c"][0];
    CHECK(decoded(der.substr(0, der.find('='))) == family.leaf.der);
    CHECK_FALSE(token.header.contains("kid"));
    CHECK(token.payload["aud"] == "https://ca.example.com:9000/1.0/sign#x5c/sip\"ca");
  }
  SECTION("another's") {
    bench.key = testing::Key::make();
    auto issuer = bench.issuer();
    const auto status = issuer.submit(k_any, made.order);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::invalid_input);
    CHECK(bench.http.sent().empty());
  }
  SECTION("ended") {
    bench.clock.advance(24h * 100);
    auto issuer = bench.issuer();
    const auto status = issuer.submit(k_any, made.order);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::denied);
    REQUIRE_FALSE(status.error().hints.empty());
    CHECK(status.error().hints.front().find("step ca renew") != std::string::npos);
    CHECK(bench.http.sent().empty());
  }
}

TEST_CASE("step_ca: a host that is not trusted gets nothing, and the key is not read") {
  StepBench bench;
  bench.is_trusted = false;
  bench.place.key = "env:OTHER";
  auto issuer = bench.issuer();
  const auto status = issuer.submit(k_any, order_for({"sip.example.com"}).order);
  REQUIRE_FALSE(status);
  CHECK(status.error().code == ErrorCode::untrusted);
  CHECK(status.error().summary == "not trusted");
  CHECK(bench.http.sent().empty());
  bench.is_trusted = true;
  CHECK(issuer.allowed().error().summary == "not to be read");
}

TEST_CASE("step_ca: a refusal is told in the authority's words, with what mends it") {
  struct Case {
    int status;
    std::string words;
    ErrorCode code;
    std::string hint;
  };
  const auto each = GENERATE(
      Case{401, "The request lacked necessary authorization to be completed.", ErrorCode::denied, "provisioner"},
      Case{403, "requested duration of 2160h0m0s is more than the authorized maximum certificate duration of 24h1m0s",
           ErrorCode::invalid_input, "lifetime"},
      Case{403, "authority not allowed to sign certificate: dns name \"x\" not allowed", ErrorCode::invalid_input,
           "step ca policy"},
      Case{403, "something else", ErrorCode::rejected, "log"}, Case{404, "", ErrorCode::invalid_input, "`url`"},
      Case{501, "not implemented", ErrorCode::unsupported, "`db`"});
  StepBench bench;
  bench.http.handle([&](const platform::SentRequest&) { return http_response(each.status, message(each.words)); });
  auto issuer = bench.issuer();
  const auto status = issuer.submit(k_any, order_for({"sip.example.com"}).order);
  REQUIRE_FALSE(status);
  CHECK(status.error().code == each.code);
  CHECK(status.error().detail.find("POST https://ca.example.com:9000/1.0/sign answered") != std::string::npos);
  REQUIRE_FALSE(status.error().hints.empty());
  CHECK(status.error().hints.front().find(each.hint) != std::string::npos);
  // Of a token that is not taken it is looked up why.
  CHECK(bench.http.sent().size() == (each.status == 401 ? 2 : 1));
}

TEST_CASE("step_ca: a provisioner that is not there is told, with those that are") {
  StepBench bench;
  bench.http.handle([&](const platform::SentRequest& request) {
    if (request.method == "POST") return http_response(401, message("The request lacked necessary authorization"));
    return http_response(200, R"({"provisioners":[{"type":"JWK","name":"others"}],"nextCursor":""})");
  });
  const auto status = bench.issuer().submit(k_any, order_for({"sip.example.com"}).order);
  REQUIRE_FALSE(status);
  CHECK(status.error().code == ErrorCode::denied);
  REQUIRE(status.error().causes.size() == 1);
  CHECK(status.error().causes.front().summary.starts_with("step-ca has no provisioner"));
  CHECK(status.error().causes.front().detail == R"(it has "others")");
  CHECK(status.error().hints.front().find("step ca provisioner list") != std::string::npos);
}

TEST_CASE("step_ca: of many provisioners twenty are told, and how many more there are") {
  const int count = GENERATE(20, 21, 220);
  StepBench bench;
  int told = 0;
  bench.http.handle([&](const platform::SentRequest&) {
    Json page = Json::array();
    for (; told < count && page.size() < 100; ++told)
      page.push_back(Json{{"type", "JWK"}, {"name", "n" + std::to_string(told)}});
    return http_response(200, Json{{"provisioners", page}, {"nextCursor", told < count ? "next" : ""}}.dump());
  });
  const auto checkup = bench.issuer().examine(k_any);
  REQUIRE(checkup.lines.size() == 1);
  REQUIRE(checkup.lines.front().error);
  const auto detail = checkup.lines.front().error->detail;
  CHECK(std::count(detail.begin(), detail.end(), '"') == 40);
  CHECK(detail.ends_with(count == 20 ? "\"n19\"" : "\"n19\" and " + std::to_string(count - 20) + " more"));
}

TEST_CASE("step_ca: what was certainly not signed is asked again with a token of its own, all else is not") {
  StepBench bench;
  const auto made = order_for({"sip.example.com"});
  SECTION("throttled") {
    bench.http.push(429, "{}", {{"Retry-After", "3"}});
    bench.http.push(201, bench.signed_for(made));
    auto issuer = bench.issuer();
    CHECK(issuer.submit(k_any, made.order));
    REQUIRE(bench.http.sent().size() == 2);
    CHECK(Token(bench.body(0)["ott"]).payload["jti"] != Token(bench.body(1)["ott"]).payload["jti"]);
  }
  SECTION("lost, or failed on the way") {
    if (GENERATE(true, false))
      bench.http.push_failure(ErrorCode::timeout, Reached::maybe);
    else
      bench.http.push(500, "{}");
    auto issuer = bench.issuer();
    const auto status = issuer.submit(k_any, made.order);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::outcome_unknown);
    CHECK(bench.http.sent().size() == 1);
  }
  SECTION("of a server with another root") {
    bench.http.push_failure(ErrorCode::denied, Reached::no);
    auto issuer = bench.issuer();
    const auto status = issuer.submit(k_any, made.order);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::denied);
    REQUIRE_FALSE(status.error().hints.empty());
    CHECK(status.error().hints.back().find("TRUNKFORM_STEP_CA_FILE") != std::string::npos);
  }
}

TEST_CASE("step_ca: names that were dropped are for the engine to judge, an empty answer is none") {
  StepBench bench;
  const auto made = order_for({"sip.example.com", "sip:example.com"});
  bench.http.push(201, Json{{"certChain", {bench.authority.sign(made.order.csr_der, {"sip.example.com"})}}}.dump());
  auto issuer = bench.issuer();
  CHECK(x509::parse_certificates(issued_pem(issuer.submit(k_any, made.order))));
  bench.http.push(201, "{}");
  const auto empty = issuer.submit(k_any, made.order);
  REQUIRE_FALSE(empty);
  CHECK(empty.error().code == ErrorCode::protocol);
}

TEST_CASE("step_ca: revoking is for one serial number, in decimal, and may have been done already") {
  StepBench bench;
  const auto made = order_for({"sip.example.com"});
  const auto leaf =
      x509::parse_certificates(bench.authority.sign(made.order.csr_der, made.order.names, "00ff0102030405060708090a"))
          .value()
          .front();
  auto issuer = bench.issuer();
  SECTION("done") {
    bench.http.push_failure(ErrorCode::unavailable, Reached::maybe);
    bench.http.push(200, R"({"status":"ok"})");
    CHECK(issuer.revoke(k_any, leaf.der, RevocationReason::key_compromise));
    const auto body = bench.body(1);
    CHECK(body["serial"] == "308280843479005662080928010");
    CHECK(body["reasonCode"] == 1);
    CHECK(body["passive"] == true);
    const Token token(body["ott"]);
    CHECK(token.payload["sub"] == body["serial"]);
    CHECK(token.payload["aud"] == "https://ca.example.com:9000/1.0/revoke");
    CHECK_FALSE(token.payload.contains("sans"));
  }
  SECTION("already") {
    bench.http.push(400, message("certificate with serial number '1' is already revoked"));
    CHECK(issuer.revoke(k_any, leaf.der, RevocationReason::superseded));
  }
  SECTION("not allowed") {
    bench.http.push(401, message("no"));
    CHECK_FALSE(issuer.revoke(k_any, leaf.der, RevocationReason::superseded));
  }
}

TEST_CASE("step_ca: whether a certificate was revoked is not known by the last try alone") {
  StepBench bench;
  const auto leaf = bench.authority.family.leaf.der;
  auto issuer = bench.issuer();
  SECTION("the first answer was lost, or the service failed at it, and the next try is refused") {
    if (GENERATE(true, false))
      bench.http.push_failure(ErrorCode::unavailable, Reached::maybe);
    else
      bench.http.push(500, message("oops"));
    bench.http.push(401, message("no"));
    const auto unknown = issuer.revoke(k_any, leaf, RevocationReason::superseded);
    REQUIRE_FALSE(unknown);
    REQUIRE(unknown.error().code == ErrorCode::outcome_unknown);
    CHECK(unknown.error().causes.front().code == ErrorCode::denied);
  }
  SECTION("nothing reached it") {
    for (int i = 0; i < 9; ++i) bench.http.push_failure(ErrorCode::unavailable, Reached::no);
    const auto unsent = issuer.revoke(k_any, leaf, RevocationReason::superseded);
    REQUIRE_FALSE(unsent);
    CHECK(unsent.error().code == ErrorCode::unavailable);
  }
}

TEST_CASE("step_ca: serial numbers in decimal") {
  CHECK(step_ca::decimal_of("00") == "0");
  CHECK(step_ca::decimal_of("0a") == "10");
  CHECK(step_ca::decimal_of("FF") == "255");
  CHECK(step_ca::decimal_of("ffffffffffffffffffffffffffffffffffffffff") ==
        "1461501637330902918203684832716283019655932542975");
}

TEST_CASE("step_ca: a checkup finds the provisioner and its key, and has nothing signed") {
  StepBench bench;
  const auto jwk = Json::parse(x509::jws_key_of(SecretBuffer::copy_of(bench.key.text()))->jwk);
  auto issuer = bench.issuer();
  const auto thumbprint = [&] {
    bench.http.push(201, "{}");
    (void)issuer.submit(k_any, order_for({"sip.example.com"}).order);
    return Token(bench.body()["ott"]).header["kid"].get<std::string>();
  }();
  const auto provisioner = [&](const std::string& type, Json key) {
    return Json{{"type", type}, {"name", "sip\"ca"}, {"key", std::move(key)}};
  };
  auto known = jwk;
  known["kid"] = thumbprint;
  const auto line = [&](const Json& provisioners) {
    bench.http.push(200, Json{{"provisioners", provisioners}, {"nextCursor", ""}}.dump());
    const auto checkup = issuer.examine(k_any);
    REQUIRE(checkup.lines.size() == 1);
    return std::pair(checkup.lines.front().condition, checkup.lines.front().message);
  };
  CHECK(line(Json::array({provisioner("JWK", known)})).first == Condition::good);
  CHECK(bench.http.sent().back().method == "GET");
  CHECK(bench.http.sent().back().url == "https://ca.example.com:9000/provisioners?limit=100");
  CHECK(line(Json::array()) == std::pair(Condition::bad, std::string(R"(step-ca has no provisioner "sip\"ca")")));
  CHECK(line(Json::array({provisioner("OIDC", known)})).second == R"(the provisioner "sip\"ca" is of type "OIDC")");
  auto other = known;
  other["kid"] = "another";
  CHECK(line(Json::array({provisioner("JWK", other)})).second == "the provisioner has another key than `key`");
  other["kid"] = thumbprint;
  other["x"] = "AAAA";
  CHECK(line(Json::array({provisioner("JWK", other)})).second == "the provisioner has another key than `key`");

  // A list comes in pages.
  bench.http.push(200, Json{{"provisioners", Json::array()}, {"nextCursor", "a b"}}.dump());
  CHECK(line(Json::array({provisioner("JWK", known)})).first == Condition::good);
  CHECK(bench.http.sent().back().url == "https://ca.example.com:9000/provisioners?limit=100&cursor=a%20b");
}

TEST_CASE("step_ca: a checkup of an X5C provisioner holds key and certificate against each other") {
  StepBench bench;
  const auto family = bench.authority.family;
  bench.key = family.leaf.key;
  bench.place.certificate = "/x5c.pem";
  REQUIRE(bench.files.replace("/x5c.pem", family.chain_pem(), 0600));
  auto issuer = bench.issuer();
  const auto first = [&] {
    bench.http.push(200, Json{{"provisioners", Json::array({Json{{"type", "X5C"}, {"name", "sip\"ca"}}})}}.dump());
    return issuer.examine(k_any).lines.front();
  };
  CHECK(first().condition == Condition::good);
  bench.clock.advance(24h * 100);
  CHECK(first().message == "the certificate that the provisioner knows us by has ended");
  bench.key = testing::Key::make();
  CHECK(first().message == "`key` is not that of the first certificate in `certificate`");
}
