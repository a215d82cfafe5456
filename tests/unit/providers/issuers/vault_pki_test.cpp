// Vault's PKI engine by what it says on the wire; the same against a real one: tests/integration/issuer_vault_pki.sh.
#include <nlohmann/json.hpp>

#include "tests/unit/providers/issuers/vault_pki_bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::issuers;
using Json = nlohmann::json;

TEST_CASE("vault_pki: the request has the names by their kinds, and the answer is the leaf with its chain") {
  VaultBench bench;
  auto made = order_for({"sip.example.com", "sip:example.com", "east.example.com", "192.0.2.7", "2001:db8::7"});
  made.order.lifetime = 30 * 24h + 500ms;
  const auto leaf = bench.authority.sign(made);
  Json body;
  bench.serve([&](const std::string&, const std::string& sent) {
    body = Json::parse(sent);
    return http_response(200, bench.issued(leaf));
  });
  const auto pem = issued_pem(bench.issuer.submit(k_any, made.order));
  CHECK(x509::parse_certificates(pem).value().size() == 3);
  CHECK(pem.find(leaf) == 0);
  CHECK(bench.paths() == std::vector<std::string>{"pki/east/sign/sip"});
  CHECK(bench.http.sent().back().method == "POST");
  CHECK(body["common_name"] == "sip.example.com");
  CHECK(body["alt_names"] == "sip.example.com,east.example.com");
  CHECK(body["uri_sans"] == "sip:example.com");
  CHECK(body["ip_sans"] == "192.0.2.7,2001:db8::7");
  CHECK(body["ttl"] == "2592000s");
  CHECK(body["format"] == "pem");
  CHECK(body["csr"].get<std::string>().starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"));
  CHECK(bench.issuer.place() == "https://vault.example.com:8200/v1/pki/east/sign/sip");
}

TEST_CASE("vault_pki: an issuer that is named is the one that signs") {
  VaultBench bench;
  const auto made = order_for({"sip.example.com"});
  bench.serve([&](const auto&, const auto&) { return http_response(200, bench.issued(bench.authority.sign(made))); });
  VaultPki issuer([&] { return Result<cloud::vault::Client*>(&bench.client); }, {"pki", "a b", "2027/x"});
  CHECK(issuer.submit(k_any, made.order));
  CHECK(bench.paths() == std::vector<std::string>{"pki/issuer/2027%2Fx/sign/a%20b"});
}

TEST_CASE("vault_pki: an answer without a chain brings its issuer") {
  VaultBench bench;
  const auto made = order_for({"sip.example.com"});
  bench.serve([&](const auto&, const auto&) {
    return http_response(
        200,
        Json{{"data",
              {{"certificate", bench.authority.sign(made)}, {"issuing_ca", bench.authority.family.intermediate.pem}}}}
            .dump());
  });
  CHECK(x509::parse_certificates(issued_pem(bench.issuer.submit(k_any, made.order))).value().size() == 2);
}

TEST_CASE("vault_pki: names that were dropped are for the engine to judge, a certificate of another key is none") {
  VaultBench bench;
  const auto made = order_for({"sip.example.com", "sip:example.com", "192.0.2.7"});
  SECTION("names that were dropped") {
    bench.serve([&](const auto&, const auto&) {
      return http_response(200, bench.issued(bench.authority.sign(made.order.csr_der, {"sip.example.com"})));
    });
    CHECK(x509::parse_certificates(issued_pem(bench.issuer.submit(k_any, made.order))));
  }
  SECTION("a certificate of another key") {
    bench.serve([&](const auto&, const auto&) {
      return http_response(200, bench.issued(bench.authority.sign(order_for(made.order.names))));
    });
    const auto status = bench.issuer.submit(k_any, made.order);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::protocol);
  }
  SECTION("no certificate") {
    bench.serve([&](const auto&, const auto&) { return http_response(200, R"({"data":{"certificate":"x"}})"); });
    const auto status = bench.issuer.submit(k_any, made.order);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::protocol);
  }
}

TEST_CASE("vault_pki: more names and another notation of an address are no error") {
  VaultBench bench;
  const auto made = order_for({"SIP.example.com", "2001:DB8:0::7"});
  bench.serve([&](const auto&, const auto&) {
    return http_response(200, bench.issued(bench.authority.sign(
                                  made.order.csr_der, {"sip.example.com", "more.example.com", "2001:db8::7"})));
  });
  CHECK(bench.issuer.submit(k_any, made.order));
}

TEST_CASE("vault_pki: nothing is sent to a mount where no PKI engine answers") {
  VaultBench bench;
  bench.engine.reset();
  const auto made = order_for({"sip.example.com"});
  const auto leaf = bench.authority.sign(made);
  struct Case {
    int status;
    std::string body, told;
  };
  const auto each = GENERATE_REF(
      Case{404, R"({"errors":[]})", "answered 404"},  // a key/value engine of version 1
      Case{200, Json{{"data", {{"certificate", bench.authority.family.intermediate.pem}}}}.dump(), "answered 200"},
      Case{200, leaf, "no certificate of an authority"},
      Case{404, vault_errors("no handler for route \"pki/east/ca/pem\""), "no handler for route"},
      Case{403, vault_errors("permission denied"), "permission denied"});
  bench.serve([&](const auto&, const auto&) { return http_response(each.status, each.body); });
  const auto refused = [&](const auto& done) {
    REQUIRE_FALSE(done);
    INFO(to_line(done.error()));
    CHECK(done.error().code == ErrorCode::invalid_input);
    CHECK(done.error().summary == R"(no PKI engine answers at the mount "pki/east")");
    CHECK(to_line(done.error()).find(each.told) != std::string::npos);
    REQUIRE_FALSE(done.error().hints.empty());
    CHECK(done.error().hints.front().find("vault secrets list") != std::string::npos);
  };
  refused(bench.issuer.submit(k_any, made.order));
  refused(bench.issuer.revoke(k_any, x509::parse_certificates(leaf).value().front().der, {}));
  CHECK(bench.paths() == std::vector<std::string>{"pki/east/ca/pem", "pki/east/ca/pem"});
}

TEST_CASE("vault_pki: a vault that is not trusted, or sealed, says nothing about its mounts") {
  VaultBench bench;
  bench.engine.reset();
  const bool is_sealed = GENERATE(true, false);
  bench.serve([&](const auto&, const auto&) -> platform::HttpAnswer {
    if (is_sealed) return http_response(503, vault_errors("Vault is sealed"));
    return tl::unexpected(HttpFailure{Error(ErrorCode::denied, "SSL certificate problem").hint("CA"), Reached::no});
  });
  const auto status = bench.issuer.submit(k_any, order_for({"sip.example.com"}).order);
  REQUIRE_FALSE(status);
  CHECK(status.error().code == (is_sealed ? ErrorCode::unavailable : ErrorCode::denied));
  CHECK(status.error().summary.find("no PKI engine") == std::string::npos);
  if (!is_sealed) CHECK(status.error().hints == std::vector<std::string>{"CA"});
}

TEST_CASE("vault_pki: the engine is looked at once in a run, and may have issuers that its roles name") {
  VaultBench bench;
  bench.engine.reset();
  const auto made = order_for({"sip.example.com"});
  bench.serve([&](const std::string& path, const auto&) {
    return path.ends_with("/ca/pem") ? http_response(204, "")
                                     : http_response(200, bench.issued(bench.authority.sign(made)));
  });
  CHECK(bench.issuer.submit(k_any, made.order));
  CHECK(bench.issuer.submit(k_any, made.order));
  CHECK(bench.paths() == std::vector<std::string>{"pki/east/ca/pem", "pki/east/sign/sip", "pki/east/sign/sip"});
}

TEST_CASE("vault_pki: a refusal is told in Vault's words, with what mends it") {
  struct Case {
    int status;
    std::string words;
    ErrorCode code;
    std::string summary, hint;
  };
  const auto each = GENERATE(
      Case{400, "unknown role: sip", ErrorCode::invalid_input, "there is no role", "vault list pki/east/roles"},
      Case{400, "common name x not allowed by this role", ErrorCode::invalid_input, "does not sign these names",
           "vault read pki/east/roles/sip"},
      Case{400, "URI Subject Alternative Names are not allowed in this role, but were provided via CSR",
           ErrorCode::invalid_input, "does not sign these names", "allowed_uri_sans"},
      Case{400, "the certificate authority is on holiday", ErrorCode::rejected, "did not sign",
           "vault read pki/east/roles/sip"},
      Case{400, "the common_name field is required, or must be provided in a CSR", ErrorCode::invalid_input,
           "no certificate without a DNS name", "require_cn=false"},
      Case{400, "role requires keys of type rsa", ErrorCode::invalid_input, "keys of this type", "key_type"},
      Case{404, "unsupported path", ErrorCode::invalid_input,
           "the engine at \"pki/east\" takes no role or issuer of such a name", "vault list pki/east/roles"},
      Case{404, "no handler for route", ErrorCode::invalid_input, "no PKI engine is mounted at \"pki/east\"",
           "vault secrets list"},
      Case{403, "permission denied", ErrorCode::denied, "answered 403",
           "path \"pki/east/sign/sip\" { capabilities = [\"update\"] }"},
      Case{503, "Vault is sealed", ErrorCode::unavailable, "answered 503", "unseal"},
      Case{500, "could not fetch the CA certificate (was one set?): unable to find PKI issuer for reference: x",
           ErrorCode::invalid_input, "no such issuer", "vault list pki/east/issuers"});
  VaultBench bench;
  const auto made = order_for({"sip.example.com"});
  bench.serve([&](const auto&, const auto&) { return http_response(each.status, vault_errors(each.words)); });
  const auto status = bench.issuer.submit(k_any, made.order);
  REQUIRE_FALSE(status);
  INFO(to_line(status.error()));
  CHECK(status.error().code == each.code);
  CHECK(status.error().summary.find(each.summary) != std::string::npos);
  CHECK(to_line(status.error()).find(each.words) != std::string::npos);
  REQUIRE_FALSE(status.error().hints.empty());
  CHECK(status.error().hints.front().find(each.hint) != std::string::npos);
}

TEST_CASE("vault_pki: a certificate whose answer was lost is found again, and no second one is asked for") {
  VaultBench bench;
  auto made = order_for({"sip.example.com"});
  const auto leaf = bench.authority.sign(made);
  const auto other_order = order_for({"sip.example.com"});
  const auto other = bench.authority.sign(other_order);
  const bool is_detailed = GENERATE(true, false);
  // A second holds two certificates.
  made.order.reuses_key = GENERATE(false, true);
  const auto replaces = made.order.reuses_key   ? bench.authority.sign(made.order.csr_der, made.order.names, "4d0101")
                        : GENERATE(true, false) ? other
                                                : std::string();
  if (!replaces.empty()) made.order.replaces_der = x509::parse_certificates(replaces).value().front().der;
  int signings = 0;
  bench.serve([&](const std::string& path, const auto&) -> platform::HttpAnswer {
    if (path == "pki/east/sign/sip") return ++signings, lost_answer();
    if (path == "pki/east/certs/detailed?list=true") {
      if (!is_detailed) return http_response(404, R"({"errors":[]})");
      return http_response(200, R"({"data":{"keys":["0a","0b","0c"],"key_info":{
          "0a":{"not_before":"2026-11-27T11:00:00Z"},"0b":{"not_before":"2026-11-27T12:00:00Z"},"0c":{"not_before":"2026-01-01T00:00:00Z"}}}})");
    }
    if (path == "pki/east/certs?list=true") return http_response(200, R"({"data":{"keys":["0a","0b"]}})");
    if (path == "pki/east/cert/0a") return http_response(200, Json{{"data", {{"certificate", other}}}}.dump());
    if (path == "pki/east/cert/0b")
      return http_response(200,
                           Json{{"data", {{"certificate", leaf}, {"issuer_id", "i1"}, {"revocation_time", 0}}}}.dump());
    if (path == "pki/east/issuer/i1/json")
      return http_response(200, Json{{"data", {{"ca_chain", {bench.authority.family.intermediate.pem}}}}}.dump());
    return http_response(404, R"({"errors":[]})");
  });
  const auto pem = issued_pem(bench.issuer.submit(k_any, made.order));
  CHECK(pem == leaf + "\n" + bench.authority.family.intermediate.pem + "\n");
  CHECK(signings == 1);
  // The newest is read first where the list has times.
  if (is_detailed) CHECK(bench.paths()[2] == "pki/east/cert/0b");
}

TEST_CASE("vault_pki: what is not found is told as not known, and looking never costs much") {
  VaultBench bench;
  auto made = order_for({"sip.example.com"});
  const auto leaf = bench.authority.sign(made);
  int reads = 0;
  std::size_t kept = 1;
  std::string certificate = leaf;
  int list = 200;
  std::int64_t revoked = 0;
  SECTION("the policy does not let us look") { list = 403; }
  SECTION("it was revoked meanwhile") { revoked = 1795819886; }
  SECTION("its key is used again, and it has the names of another request") {
    made.order.replaces_der = x509::parse_certificates(leaf).value().front().der;
    certificate = bench.authority.sign(made.order.csr_der, {"west.example.com"});
  }
  SECTION("there are many") { kept = 51; }
  SECTION("it is the one that is to be replaced, whose key is used again") {
    made.order.replaces_der = x509::parse_certificates(leaf).value().front().der;
  }
  SECTION("it is an earlier one of the key that is used again") {
    bench.authority.now += std::chrono::seconds(1);
    made.order.replaces_der = x509::parse_certificates(bench.authority.sign(made)).value().front().der;
  }
  SECTION("what is to be replaced cannot be read: it might be this one") { made.order.replaces_der = "nonsense"; }
  SECTION("nobody could tell what is to be replaced") {}
  SECTION("somebody else's certificate is shown for what is to be replaced") {
    made.order.replaces_der = bench.authority.family.leaf.der;
  }
  made.order.reuses_key = list == 200 && kept == 1 && revoked == 0;
  bench.serve([&](const std::string& path, const auto&) -> platform::HttpAnswer {
    if (path == "pki/east/sign/sip") return lost_answer();
    if (path == "pki/east/certs?list=true") {
      Json keys;
      for (std::size_t i = 0; i < kept; ++i) keys.push_back(std::to_string(i));
      return http_response(list, Json{{"data", {{"keys", keys}}}}.dump());
    }
    if (path.starts_with("pki/east/cert/0"))
      return ++reads,
             http_response(200, Json{{"data", {{"certificate", certificate}, {"revocation_time", revoked}}}}.dump());
    return http_response(404, "{}");
  });
  const auto status = bench.issuer.submit(k_any, made.order);
  REQUIRE_FALSE(status);
  CHECK(status.error().code == ErrorCode::outcome_unknown);
  CHECK(status.error().summary == R"(whether the role "sip" signed is not known)");
  CHECK(reads == (list == 200 && kept == 1 ? 1 : 0));
}

TEST_CASE(
    "vault_pki: what was signed without a name is found again, for the engine to judge, and not signed once more") {
  VaultBench bench;
  auto made = order_for({"sip.example.com", "east.example.com"});
  SECTION("the first one") {}
  SECTION("of a new key") {
    made.order.replaces_der =
        x509::parse_certificates(bench.authority.sign(order_for({"sip.example.com"}))).value().front().der;
  }
  const auto certificate = bench.authority.sign(made.order.csr_der, {"sip.example.com"});
  bench.serve([&](const std::string& path, const auto&) -> platform::HttpAnswer {
    if (path == "pki/east/certs?list=true") return http_response(200, R"({"data": {"keys": ["0a"]}})");
    if (path == "pki/east/cert/0a")
      return http_response(200, Json{{"data", {{"certificate", certificate}, {"revocation_time", 0}}}}.dump());
    return http_response(404, "{}");
  });
  const auto found = bench.issuer.find(k_any, made.order);
  REQUIRE(found);
  REQUIRE(*found);
  CHECK(std::get<OrderIssued>(**found).certificates_pem.starts_with(certificate));
}

TEST_CASE("vault_pki: revoking") {
  VaultBench bench;
  const auto made = order_for({"sip.example.com"});
  const auto leaf =
      x509::parse_certificates(bench.authority.sign(made.order.csr_der, made.order.names, "00c40a0b")).value().front();
  std::vector<Json> bodies;
  SECTION("by its serial number, as often as it takes") {
    bench.serve([&](const std::string&, const std::string& body) -> platform::HttpAnswer {
      bodies.push_back(Json::parse(body));
      return bodies.size() == 1 ? lost_answer() : http_response(200, R"({"data":{"revocation_time":1}})");
    });
    CHECK(bench.issuer.revoke(k_any, leaf.der, RevocationReason::superseded));
    REQUIRE(bodies.size() == 2);
    CHECK(bodies.back() == Json{{"serial_number", "c4:0a:0b"}});
    CHECK(bench.paths().back() == "pki/east/revoke");
  }
  SECTION("of one that the engine did not keep") {
    bench.serve([&](const std::string&, const std::string& body) {
      bodies.push_back(Json::parse(body));
      return bodies.back().contains("certificate")
                 ? http_response(200, "{}")
                 : http_response(400, vault_errors("certificate with serial c4:0a:0b not found."));
    });
    CHECK(bench.issuer.revoke(k_any, leaf.der, RevocationReason::superseded));
    CHECK(bodies.size() == 2);
  }
  SECTION("of another's") {
    bench.serve(
        [&](const auto&, const auto&) { return http_response(400, vault_errors("unable to verify signature")); });
    const auto done = bench.issuer.revoke(k_any, leaf.der, RevocationReason::superseded);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::rejected);
    CHECK(to_line(done.error()).find("unable to verify signature") != std::string::npos);
  }
  SECTION("without the right to") {
    bench.serve([&](const auto&, const auto&) { return http_response(403, vault_errors("permission denied")); });
    const auto done = bench.issuer.revoke(k_any, leaf.der, RevocationReason::superseded);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::denied);
    REQUIRE_FALSE(done.error().hints.empty());
    CHECK(done.error().hints.front().find("path \"pki/east/revoke\"") != std::string::npos);
  }
}

TEST_CASE("vault_pki: a checkup asks who signs and what the token may do, and has nothing signed") {
  VaultBench bench;
  Json rights = {{"pki/east/sign/sip", Json::array({"update"})}, {"pki/east/roles/sip", Json::array({"deny"})}};
  std::string own = bench.authority.family.intermediate.pem;
  int role_status = 200;
  bool may_ask = true;
  bench.serve([&](const std::string& path, const std::string& body) {
    if (path == "pki/east/cert/ca") return http_response(200, Json{{"data", {{"certificate", own}}}}.dump());
    if (path == "pki/east/roles/sip") return http_response(role_status, role_status == 200 ? "{}" : R"({"errors":[]})");
    CHECK(path == "sys/capabilities-self");
    if (!may_ask) return http_response(403, vault_errors("permission denied"));
    Json answer;
    for (const auto& asked : Json::parse(body)["paths"].get<std::vector<std::string>>())
      answer["data"][asked] = rights.value(asked, Json::array());
    return http_response(200, answer.dump());
  });
  const auto conditions = [&] {
    std::vector<Condition> all;
    for (const auto& line : bench.issuer.examine(k_any).lines) all.push_back(line.condition);
    return all;
  };
  using enum Condition;
  CHECK(conditions() == std::vector{good, good, unknown});
  rights["pki/east/roles/sip"] = Json::array({"read"});
  CHECK(conditions() == std::vector{good, good, good});
  role_status = 404;
  CHECK(conditions() == std::vector{good, good, bad});
  rights = {{"pki/east/sign/sip", Json::array({"root"})}, {"pki/east/roles/sip", Json::array({"deny"})}};
  CHECK(conditions() == std::vector{good, good, unknown});
  rights["pki/east/sign/sip"] = Json::array({"deny"});
  const auto checkup = bench.issuer.examine(k_any);
  REQUIRE(checkup.lines.at(1).condition == bad);
  CHECK(checkup.lines[1].message == "the token may not update pki/east/sign/sip");
  CHECK(checkup.lines[1].error->hints.front() ==
        R"(its policy lacks: path "pki/east/sign/sip" { capabilities = ["update"] })");
  may_ask = false;
  CHECK(conditions() == std::vector{good, unknown, unknown});
  own = "none";
  CHECK(conditions() == std::vector{bad});
  own = bench.authority.family.intermediate.pem;
  bench.clock.advance(24h * 365 * 20);
  CHECK(conditions().front() == bad);
  for (const auto& path : bench.paths()) CHECK(path.find("pki/east/sign/") == std::string::npos);
}

TEST_CASE("vault_pki: whether a certificate was revoked is not known by the last try alone") {
  VaultBench bench;
  const auto leaf = x509::parse_certificates(bench.authority.sign(order_for({"sip.example.com"}))).value().front();
  const bool was_sent = GENERATE(true, false);
  const int refusal = GENERATE(403, 404);
  bench.serve([&, asked = 0](const std::string&, const auto&) mutable -> platform::HttpAnswer {
    if (++asked > 1) return http_response(refusal, vault_errors("no"));
    if (was_sent) return lost_answer();
    return tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "connection refused"), Reached::no});
  });
  const auto refused = bench.issuer.revoke(k_any, leaf.der, RevocationReason::superseded);
  REQUIRE_FALSE(refused);
  CHECK((refused.error().code == ErrorCode::outcome_unknown) == was_sent);
}
