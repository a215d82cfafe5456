// The account of a key: found or made, with what the authority wants to know; its next key, and its end.
#include <fmt/format.h>

#include "providers/cloud/secret_base64.hpp"
#include "providers/issuers/acme/jose.hpp"
#include "schemas/codec/hmac.hpp"
#include "tests/unit/providers/issuers/acme_server.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::issuers;
using namespace trunkform::issuers::samples;

namespace {

/// No account yet: the first question finds none, then it is made.
void without_account(AcmeServer& server) {
  server.routes["new-account"] = [](const Heard& heard) {
    if (heard.payload == R"({"onlyReturnExisting":true})") return AcmeServer::problem(400, "accountDoesNotExist");
    return Reply{201, R"({"status":"valid"})", {{"Location", k_place + "account/1"}}};
  };
}

std::string octets(const Fingerprint& digest) { return {digest.bytes.begin(), digest.bytes.end()}; }

std::string jwk_of(const std::string& pem) { return must(acme::account_key_of(SecretBuffer::copy_of(pem))).facts.jwk; }

}  // namespace

TEST_CASE("acme: the registry makes an issuer of its arguments, and says which do not go together") {
  AcmeServer server;
  CHECK(must(make_issuer({"acme", server.arguments}, server.surroundings()))->place() == k_place + "dir");
  const auto refused = [&](std::map<std::string, std::string> more) {
    more.insert(server.arguments.begin(), server.arguments.end());
    return error_of(make_issuer({"acme", more}, server.surroundings())).code;
  };
  CHECK(refused({{"http_01.listen", "0.0.0.0:80"}}) == ErrorCode::invalid_input);
  CHECK(refused({{"dns_01.wait", "1m"}}) == ErrorCode::invalid_input);
  CHECK(refused({{"dns_01.hook", R"(["/hook"])"}, {"dns_01.rfc2136.server", "192.0.2.53"}}) ==
        ErrorCode::invalid_input);
  CHECK(refused({{"directory", ""}}) == ErrorCode::invalid_input);
  CHECK(refused({{"account_key", ""}}) == ErrorCode::invalid_input);
  CHECK(server.http.sent().empty());
}

TEST_CASE("acme: the server of updates is trusted by host and port, which is 53 where it does not say") {
  for (const auto& [server_name, asked] :
       std::map<std::string, std::string>{{"ns.example.com", "https://ns.example.com:53"},
                                          {"ns.example.com:5353", "https://ns.example.com:5353"},
                                          {"[2001:db8::53]", "https://[2001:db8::53]:53"}}) {
    AcmeServer server;
    server.arguments.erase("http_01.webroot");
    server.arguments.insert({{"dns_01.rfc2136.server", server_name},
                             {"dns_01.rfc2136.key_name", "k"},
                             {"dns_01.rfc2136.key", "file:account.pem"}});
    server.routes["order/1"] = [](const Heard&) { return Reply{200, AcmeServer::order_json("pending")}; };
    server.routes["authz/1"] = [](const Heard&) { return Reply{200, AcmeServer::authorization_json("pending")}; };
    std::string seen;
    auto around = server.surroundings();
    around.may.host = [&](const std::string& url, const std::string& kind) -> Result<> {
      if (url.starts_with(k_place)) return {};
      seen = fmt::format("{} {}", url, kind);
      return Error(ErrorCode::untrusted, "not trusted");
    };
    const auto issuer = must(make_issuer({"acme", server.arguments}, around));
    CHECK(error_of(issuer->poll(k_any, k_ref, server.order())).code == ErrorCode::untrusted);
    CHECK(seen == asked + " acme");
  }
}

TEST_CASE("acme: a checkup asks for the account, and makes, changes and orders nothing") {
  AcmeServer server;
  const auto lines = [&] {
    std::string text;
    for (const auto& line : server.issuer()->examine(k_any).lines)
      text += fmt::format("{} {}\n", static_cast<int>(line.condition), line.message);
    return text;
  };
  constexpr int k_good = static_cast<int>(Condition::good), k_bad = static_cast<int>(Condition::bad);
  server.arguments["contact"] = R"(["mailto:new@example.com"])";
  CHECK(lines().find(fmt::format("{} the key has an account: \"{}account/1\"", k_good, k_place)) != std::string::npos);
  CHECK(server.payload("new-account") == R"({"onlyReturnExisting":true})");
  CHECK(server.count("account/1") == 0);
  without_account(server);
  CHECK(lines().find("the first order makes one") != std::string::npos);
  server.directory({{"meta", R"({"externalAccountRequired":true})"}});
  CHECK(lines().find(fmt::format("{} the authority makes accounts only for those", k_bad)) != std::string::npos);
  server.directory({{"meta", R"({"termsOfService":"https://ca.example/terms"})"}});
  server.arguments["agree_terms"] = "false";
  CHECK(lines().find(fmt::format("{} the authority has terms", k_bad)) != std::string::npos);
  server.arguments["agree_terms"] = "true";
  server.routes["new-account"] = [](const Heard&) {
    return Reply{200, R"({"status":"deactivated"})", {{"Location", k_place + "account/1"}}};
  };
  CHECK(lines().find(fmt::format("{} the ACME account of this key is \"deactivated\"", k_bad)) != std::string::npos);
  server.routes.erase("dir");
  CHECK(lines().find(fmt::format("{} there is no directory", k_bad)) == 0);
  for (const auto& heard : server.heard())
    CHECK((heard.path == "dir" || heard.payload == R"({"onlyReturnExisting":true})"));
}

TEST_CASE("acme: the account of a key is found once, and signs by its address from then on") {
  AcmeServer server;
  const auto issuer = server.issuer();
  must(issuer->submit(k_any, server.order()));
  must(issuer->submit(k_any, server.order()));
  CHECK(server.count("new-account") == 1);
  CHECK(server.payload("new-account") == R"({"onlyReturnExisting":true})");
  const auto& header = server.heard().back().header;
  CHECK(member(header, {"kid"}) == k_place + "account/1");
  CHECK(member(header, {"jwk", "kty"}).empty());
  CHECK(member(header, {"alg"}) == "ES256");
}

TEST_CASE("acme: an account that is not there is made, with contact and what an external one knows it by") {
  AcmeServer server;
  without_account(server);
  server.arguments["contact"] = R"(["mailto:pki@example.com"])";
  server.arguments["external_account.key_id"] = "kid-1";
  server.arguments["external_account.hmac_key"] = "file:code";
  const std::string code("\x00\xFF\xFE octets of a code", 20);
  server.secrets["file:code"] = std::string(cloud::secret_base64url(code).view()) + "\n";
  must(server.issuer()->submit(k_any, server.order()));
  REQUIRE(server.count("new-account") == 2);
  const auto payload = server.payload("new-account");
  CHECK(payload.starts_with(R"({"termsOfServiceAgreed":true,"contact":["mailto:pki@example.com"],)"));
  const auto part = [&](const char* name) { return member(payload, {"externalAccountBinding", name}); };
  CHECK(decoded(part("protected")) == R"({"alg":"HS256","kid":"kid-1","url":")" + k_place + R"(new-account"})");
  CHECK(decoded(part("payload")) == jwk_of(server.secrets["file:account.pem"]));
  const auto expected = hmac_sha256(SecretBuffer::copy_of(code), part("protected") + "." + part("payload"));
  CHECK(decoded(part("signature")) == octets(expected));
}

TEST_CASE("acme: contacts that differ are told, and those that do not are not") {
  AcmeServer server;
  server.arguments["contact"] = R"(["mailto:a@example.com","mailto:b@example.com"])";
  std::string known;
  server.routes["new-account"] = [&](const Heard&) {
    return Reply{200, R"({"status":"valid","contact":)" + known + "}", {{"Location", k_place + "account/1"}}};
  };
  server.routes["account/1"] = [](const Heard&) { return Reply{}; };
  SECTION("the same, in another order") {
    known = R"(["mailto:b@example.com","mailto:a@example.com"])";
    must(server.issuer()->submit(k_any, server.order()));
    CHECK(server.count("account/1") == 0);
  }
  SECTION("another") {
    known = R"(["mailto:old@example.com"])";
    must(server.issuer()->submit(k_any, server.order()));
    CHECK(server.payload("account/1") == R"({"contact":["mailto:a@example.com","mailto:b@example.com"]})");
  }
}

TEST_CASE("acme: what keeps an account from being used is told with what to do") {
  AcmeServer server;
  SECTION("terms") {
    server.directory({{"meta", R"({"termsOfService":"https://ca.example/terms-v7"})"}});
    server.arguments.erase("agree_terms");
    const auto error = error_of(server.issuer()->submit(k_any, server.order()));
    CHECK(error.code == ErrorCode::invalid_input);
    CHECK(error.detail.find("https://ca.example/terms-v7") != std::string::npos);
    CHECK(error.hints.front().find(R"("agree_terms": true)") != std::string::npos);
    CHECK(server.count("new-account") == 0);
  }
  SECTION("new terms") {
    server.routes["new-account"] = [](const Heard&) {
      return Reply{403,
                   R"({"type":"urn:ietf:params:acme:error:userActionRequired","instance":"https://ca.example/agree"})"};
    };
    const auto error = error_of(server.issuer()->submit(k_any, server.order()));
    CHECK(error.code == ErrorCode::denied);
    CHECK(error.hints.back().find("https://ca.example/agree") != std::string::npos);
  }
  SECTION("an external account") {
    without_account(server);
    server.directory({{"meta", R"({"externalAccountRequired":true})"}});
    const auto error = error_of(server.issuer()->submit(k_any, server.order()));
    CHECK(error.code == ErrorCode::denied);
    CHECK(error.hints.front().find("external_account") != std::string::npos);
    CHECK(server.count("new-account") == 1);
  }
  SECTION("it was closed") {
    server.routes["new-account"] = [](const Heard&) {
      return Reply{200, R"({"status":"deactivated"})", {{"Location", k_place + "account/1"}}};
    };
    const auto error = error_of(server.issuer()->submit(k_any, server.order()));
    CHECK(error.code == ErrorCode::denied);
    CHECK(error.summary == "the ACME account of this key is \"deactivated\"");
  }
  SECTION("a key that is none") {
    server.secrets["file:account.pem"] = "no key";
    CHECK(error_of(server.issuer()->submit(k_any, server.order())).code == ErrorCode::invalid_input);
    CHECK(server.count("new-account") == 0);
  }
  SECTION("a secret that may not be read") {
    server.secrets.clear();
    CHECK(error_of(server.issuer()->submit(k_any, server.order())).code == ErrorCode::untrusted);
  }
  SECTION("no directory") {
    server.routes["dir"] = [](const Heard&) { return Reply{200, "<html>welcome</html>"}; };
    CHECK(error_of(server.issuer()->submit(k_any, server.order())).code == ErrorCode::protocol);
  }
}

TEST_CASE("acme: the server's own authority is the machine's to name") {
  AcmeServer server;
  server.environment.values["TRUNKFORM_ACME_CA_FILE"] = "/etc/private-ca.pem";
  must(server.issuer()->submit(k_any, server.order()));
  for (const auto& sent : server.http.sent()) CHECK(sent.ca_file == "/etc/private-ca.pem");
}

TEST_CASE("acme: whose certificate is not taken is told with the variable that names its roots") {
  AcmeServer server;
  server.http.push_failure(ErrorCode::denied, Reached::no);
  auto error = error_of(server.issuer()->submit(k_any, server.order()));
  CHECK(error.code == ErrorCode::denied);
  REQUIRE(error.hints.size() == 1);
  CHECK(error.hints.front().find("name the file in the environment: TRUNKFORM_ACME_CA_FILE=root.pem") !=
        std::string::npos);
  server.environment.values["TRUNKFORM_ACME_CA_FILE"] = "/etc/private-ca.pem";
  server.http.push_failure(ErrorCode::denied, Reached::no);
  error = error_of(server.issuer()->submit(k_any, server.order()));
  REQUIRE(error.hints.size() == 1);
  CHECK(error.hints.front().find("'/etc/private-ca.pem', which TRUNKFORM_ACME_CA_FILE names") != std::string::npos);
}

TEST_CASE("acme: a plan knows whether a hook may be run for the names that it will be run for") {
  AcmeServer server;
  server.arguments.erase("http_01.webroot");
  server.arguments["dns_01.hook"] = R"(["/opt/dns/hook"])";
  std::vector<std::vector<std::string>> asked, lines;
  auto around = server.surroundings();
  bool is_allowed = true;
  around.may.program = [&](const std::vector<std::string>& command,
                           const std::vector<std::string>& line) -> Result<ProgramRequest> {
    asked.push_back(command);
    lines.push_back(line);
    if (!is_allowed) return Error(ErrorCode::untrusted, "may not be run").hint("as the trust file's owner says");
    return ProgramRequest{};
  };
  const auto words = [&](std::size_t i) { return asked.at(i).at(1) + " " + asked.at(i).at(2); };
  auto issuer = must(make_issuer({"acme", server.arguments}, around));
  must(issuer->may_prove({"sip.example.com", "*.example.com", "192.0.2.10"}));
  REQUIRE(asked.size() == 4);
  CHECK(words(0) == "present _acme-challenge.sip.example.com");
  CHECK(words(1) == "cleanup _acme-challenge.sip.example.com");
  CHECK(words(2) == "present _acme-challenge.example.com");
  is_allowed = false;
  const auto refused = error_of(issuer->may_prove({"sip.example.com"}));
  CHECK(refused.code == ErrorCode::untrusted);
  CHECK(refused.hints == std::vector<std::string>{"as the trust file's owner says"});
  // What is proven is another value each time: one line allows all of them.
  CHECK(lines.back() == std::vector<std::string>{"/opt/dns/hook", "*", "*", "*"});
  // Where port 80 is there too, only wildcards are shown by a record.
  server.arguments["http_01.listen"] = "127.0.0.1:8080";
  issuer = must(make_issuer({"acme", server.arguments}, around));
  must(issuer->may_prove({"sip.example.com", "192.0.2.10"}));
  CHECK_FALSE(issuer->may_prove({"*.example.com"}));
}

TEST_CASE("acme: an account gets another key, which the request shows to be at hand") {
  AcmeServer server;
  const auto next = testing::Key::make().text();
  const auto issuer = server.issuer();
  SECTION("it is taken") {
    server.routes["key-change"] = [](const Heard&) { return Reply{}; };
    must(issuer->account().roll_over(k_any, SecretBuffer::copy_of(next)));
    const auto inner = server.payload("key-change");
    const auto header = decoded(member(inner, {"protected"}));
    CHECK(header == R"({"alg":"ES256","jwk":)" + jwk_of(next) + R"(,"url":")" + k_place + R"(key-change"})");
    CHECK(decoded(member(inner, {"payload"})) ==
          R"({"account":")" + k_place + R"(account/1","oldKey":)" + jwk_of(server.secrets["file:account.pem"]) + "}");
    must(issuer->submit(k_any, server.order()));
    CHECK(server.count("new-account") == 1);
  }
  SECTION("it had been taken, and the answer was lost") {
    server.routes["key-change"] = [](const Heard&) { return AcmeServer::problem(400, "accountDoesNotExist"); };
    must(issuer->account().roll_over(k_any, SecretBuffer::copy_of(next)));
    CHECK(server.count("new-account") == 2);
    CHECK(server.heard().back().header.find(jwk_of(next)) != std::string::npos);
  }
  SECTION("it is another's") {
    server.routes["key-change"] = [](const Heard&) { return AcmeServer::problem(409, "malformed", "key in use"); };
    server.routes["new-account"] = [at = 1](const Heard&) mutable {
      return Reply{200, "{}", {{"Location", k_place + "account/" + std::to_string(at++)}}};
    };
    const auto error = error_of([&]() -> Result<int> {
      TRY(issuer->account().roll_over(k_any, SecretBuffer::copy_of(next)));
      return 0;
    }());
    CHECK(error.code == ErrorCode::conflict);
    CHECK(error.detail.find("key in use") != std::string::npos);
  }
}

TEST_CASE("acme: an account is closed for good") {
  AcmeServer server;
  server.routes["account/1"] = [](const Heard&) { return Reply{200, R"({"status":"deactivated"})"}; };
  const auto issuer = server.issuer();
  must(issuer->account().deactivate(k_any));
  CHECK(server.payload("account/1") == R"({"status":"deactivated"})");
}

TEST_CASE("acme: no request, error or address holds a part of the account's key or of its code") {
  AcmeServer server;
  without_account(server);
  server.arguments["external_account.key_id"] = "kid-1";
  server.arguments["external_account.hmac_key"] = "file:code";
  server.secrets["file:code"] = "Y2FuYXJ5LWNvZGUtb2YtYW4tYWNjb3VudA";
  must(server.issuer()->submit(k_any, server.order()));
  const auto& pem = server.secrets["file:account.pem"];
  const auto key = pem.substr(pem.find('\n') + 1, 40);
  for (const auto& heard : server.heard())
    for (const auto& text : {heard.path, heard.header, heard.payload}) {
      CHECK(text.find(key) == std::string::npos);
      CHECK(text.find("canary-code") == std::string::npos);
      CHECK(text.find("Y2FuYXJ5") == std::string::npos);
    }
}
