// What a plan asks of Vault's PKI engine before anything is to be signed.
#include <nlohmann/json.hpp>

#include "tests/unit/providers/issuers/vault_pki_bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::issuers;
using Json = nlohmann::json;
using Remarks = std::vector<std::string>;

namespace {

/// An engine with a role, an issuer of the name `blue`, and a token that may have it signed, unless a test says
/// otherwise.
struct PlanBench : VaultBench {
  VaultPki named{[this] { return Result<cloud::vault::Client*>(&client); }, {"pki/east", "sip", "blue"}};
  VaultPki beside{[this] { return Result<cloud::vault::Client*>(&client); }, {"pki/west", "sip", ""}};
  int status = 200;  ///< of the role and of the list of issuers
  std::string role_names = "default";
  Json issuers = {{"keys", {"7-1"}}, {"key_info", {{"7-1", {{"issuer_name", "blue"}}}}}};
  Json rights = {"update"};

  PlanBench() {
    serve([this](const std::string& path, const std::string& body) -> platform::HttpAnswer {
      if (path.ends_with("/ca/pem")) return http_response(204, "");
      if (path == "sys/capabilities-self") {
        CHECK(body.find("/sign/sip") != std::string::npos);
        Json answer;
        for (const auto& asked : Json::parse(body)["paths"].get<Remarks>()) answer["data"][asked] = rights;
        return http_response(rights.empty() ? 403 : 200, answer.dump());
      }
      CHECK(body.empty());
      if (status != 200) return http_response(status, vault_errors("unheard of"));
      if (path.ends_with("/issuers?list=true"))
        return issuers.empty() ? http_response(404, R"({"errors":[]})")
                               : http_response(200, Json{{"data", issuers}}.dump());
      return http_response(200, Json{{"data", {{"issuer_ref", role_names}}}}.dump());
    });
  }
  /// The remarks, or what is wrong.
  Remarks told(VaultPki& asked) {
    auto foretold = asked.foretell(k_any, {{"sip.example.com"}, std::nullopt});
    if (foretold) return *foretold;
    CHECK(foretold.error().code == ErrorCode::invalid_input);
    CHECK_FALSE(foretold.error().hints.empty());
    return {"error", to_line(foretold.error())};
  }
  bool refuses(VaultPki& asked, const char* text) {
    const auto lines = told(asked);
    INFO(lines.back());
    return lines.size() == 2 && lines.front() == "error" && lines.back().find(text) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("vault_pki: a plan asks once a run, of what was begun too") {
  PlanBench bench;
  CHECK(bench.issuer.foretell(k_any, {{"sip.example.com"}, std::nullopt, true}).value().empty());
  CHECK(bench.told(bench.issuer).empty());
  CHECK(bench.told(bench.issuer).empty());
  CHECK(bench.paths() == Remarks{"pki/east/roles/sip", "sys/capabilities-self"});
}

TEST_CASE("vault_pki: of what was begun a plan is told what the token lacks, and of no role that is gone") {
  PlanBench bench;
  const OrderToCome begun{{"sip.example.com"}, std::nullopt, true};
  SECTION("no right to sign") {
    bench.rights = {"read"};
    const auto told = bench.issuer.foretell(k_any, begun).value();
    REQUIRE(told.size() == 1);
    CHECK(told.front().find("the token may not update pki/east/sign/sip") != std::string::npos);
  }
  SECTION("no role: it may have signed before it went") {
    bench.status = 404;
    CHECK(bench.issuer.foretell(k_any, begun).value().empty());
  }
}

TEST_CASE("vault_pki: a role that is not there is made for the names that are asked for") {
  PlanBench bench;
  bench.status = 404;
  const auto hint = [&](const std::vector<std::string>& names) {
    const auto told = bench.issuer.foretell(k_any, {names, std::nullopt, false});
    REQUIRE_FALSE(told);
    return told.error().hints.back();
  };
  const std::string make = "or make it: vault write pki/east/roles/sip ",
                    rest = " allow_bare_domains=true key_type=any";
  CHECK(hint({"sip.a.example", "b.example"}) == make + "allowed_domains=sip.a.example,b.example" + rest);
  CHECK(hint({"*.c.example"}) == make + "allowed_domains=c.example allow_subdomains=true" + rest);
  CHECK(hint({"d.example", "sip:d.example"}) == make + "allowed_domains=d.example 'allowed_uri_sans=sip:*'" + rest);
}

TEST_CASE("vault_pki: a plan is told of a mount, role or issuer that is not there, and of nothing that is not sure") {
  PlanBench bench;
  SECTION("the issuer is there, by its name or its id") {
    CHECK(bench.told(bench.named).empty());
    bench.issuers["key_info"] = Json::object();
    bench.issuers["keys"] = {"7-1", "blue"};
    VaultPki by_id([&] { return Result<cloud::vault::Client*>(&bench.client); }, {"pki/east", "sip", "7-1"});
    CHECK(bench.told(by_id).empty());
    CHECK(bench.paths() == Remarks{"pki/east/roles/sip", "pki/east/issuers?list=true", "sys/capabilities-self",
                                   "pki/east/roles/sip", "pki/east/issuers?list=true", "sys/capabilities-self"});
  }
  SECTION("no mount") {
    bench.engine.reset();
    bench.serve([](const auto&, const auto&) { return http_response(404, vault_errors("no handler for route")); });
    CHECK(bench.refuses(bench.issuer, R"(no PKI engine answers at the mount "pki/east")"));
  }
  SECTION("no role") {
    bench.status = 404;
    CHECK(bench.refuses(bench.issuer,
                        R"(the engine at "pki/east" has no role "sip": GET /v1/pki/east/roles/sip answered 404)"));
  }
  SECTION("no issuer of that name") {
    bench.issuers["key_info"]["7-1"]["issuer_name"] = "red";
    CHECK(bench.refuses(bench.named, R"(the engine at "pki/east" has no issuer "blue")"));
  }
  SECTION("none of the role's") {
    bench.role_names = "green";
    CHECK(bench.refuses(bench.issuer, R"(the engine at "pki/east" has no issuer "green")"));
  }
  SECTION("an engine that nobody gave an authority") {
    bench.engine.reset();
    bench.issuers = Json::object();
    CHECK(bench.refuses(bench.issuer, R"(the engine at "pki/east" has no issuer: nobody is there to sign)"));
  }
  SECTION("an engine whose issuers have to be named") {
    bench.engine.reset();
    SECTION("and none is") { CHECK(bench.refuses(bench.issuer, "has no default issuer, and none is named")); }
    SECTION("and the role names one") {
      bench.role_names = "blue";
      CHECK(bench.told(bench.issuer).empty());
    }
  }
  SECTION("nothing may be read") {
    bench.status = 403;
    bench.rights = Json::array();
    CHECK(bench.told(bench.named).empty());
    bench.engine.reset();
    CHECK(bench.told(bench.issuer).empty());
  }
}

TEST_CASE("vault_pki: what the token may not is a remark: an apply may have another") {
  PlanBench bench;
  bench.rights = {"read"};
  CHECK(
      bench.told(bench.issuer) ==
      Remarks{
          R"(the token may not update pki/east/sign/sip, which an apply needs: its policy lacks: path "pki/east/sign/sip" { capabilities = ["update"] })"});
}

TEST_CASE("vault_pki: a plan waits for a vault for ten seconds, whatever it is asked") {
  PlanBench bench;
  const auto begun = bench.clock.now();
  const Remarks in_vain{R"(whether the role "sip" would sign was not told: Vault did not answer in time)"};
  SECTION("it says when to come again") {
    bench.engine.reset();
    bench.serve(
        [](const auto&, const auto&) { return http_response(429, vault_errors("later"), {{"Retry-After", "9"}}); });
  }
  SECTION("it says nothing") {
    bench.http.handle([&](const platform::SentRequest& sent) -> platform::HttpAnswer {
      bench.clock.advance(sent.deadline ? std::min(*sent.deadline - bench.clock.now(), sent.timeout) : sent.timeout);
      return tl::unexpected(HttpFailure{Error(ErrorCode::timeout, "no answer"), Reached::maybe});
    });
  }
  CHECK(bench.told(bench.issuer) == in_vain);
  const auto asked = bench.http.sent().size();
  CHECK(bench.told(bench.beside) == in_vain);
  CHECK(bench.http.sent().size() == asked);
  CHECK(bench.clock.now() - begun <= 10s);
}
