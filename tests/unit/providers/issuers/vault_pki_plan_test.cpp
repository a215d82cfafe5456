// What a plan asks of Vault's PKI engine before anything is to be signed.
#include <nlohmann/json.hpp>

#include "tests/unit/providers/issuers/vault_pki_bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::issuers;
using Json = nlohmann::json;

TEST_CASE(
    "vault_pki: a plan is told of a mount, role or issuer that is not there, once, and of nothing that is not sure") {
  VaultBench bench;
  VaultPki named([&] { return Result<cloud::vault::Client*>(&bench.client); }, {"pki/east", "sip", "blue"});
  int issuer_status = 200, role_status = 200;
  bench.serve([&](const std::string& path, const std::string& body) {
    CHECK(body.empty());
    if (path == "pki/east/issuer/blue/json")
      return http_response(issuer_status, issuer_status == 500
                                              ? vault_errors("unable to find PKI issuer for reference: blue")
                                              : vault_errors("permission denied"));
    if (path == "pki/east/roles/sip") return http_response(role_status, vault_errors("unheard of"));
    return http_response(404, vault_errors("no handler for route"));
  });
  const auto told = [&](VaultPki& issuer) {
    const auto would = issuer.would_sign(k_any);
    if (would) return std::string();
    CHECK(would.error().code == ErrorCode::invalid_input);
    CHECK_FALSE(would.error().hints.empty());
    return to_line(would.error());
  };
  const auto says = [&](VaultPki& issuer, const char* text) {
    const auto line = told(issuer);
    INFO(line);
    return line.find(text) != std::string::npos;
  };
  SECTION("all is there") {
    CHECK(told(named).empty());
    const auto asked = bench.http.sent().size();
    CHECK(told(named).empty());
    CHECK(bench.http.sent().size() == asked);
    CHECK(bench.paths() == std::vector<std::string>{"pki/east/issuer/blue/json", "pki/east/roles/sip"});
  }
  SECTION("no mount") {
    bench.engine.reset();
    CHECK(says(bench.issuer, R"(no PKI engine answers at the mount "pki/east")"));
  }
  SECTION("no role") {
    role_status = 404;
    CHECK(says(bench.issuer, R"(the engine at "pki/east" has no role "sip": GET /v1/pki/east/roles/sip answered 404)"));
    CHECK(says(bench.issuer, "unheard of"));
  }
  SECTION("no issuer") {
    issuer_status = 500;
    CHECK(says(named, R"(the engine at "pki/east" has no issuer "blue")"));
    CHECK(says(named, "unable to find PKI issuer for reference: blue"));
  }
  SECTION("nothing may be read") {
    issuer_status = role_status = 403;
    CHECK(told(named).empty());
  }
  SECTION("the engine is down: the plan does not wait for it for long") {
    issuer_status = role_status = 503;
    const auto before = bench.clock.now();
    CHECK(told(named).empty());
    CHECK(bench.clock.now() - before <= 21s);
  }
}
