#include "planner/issuing/request_check.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::issuing;

namespace {

SourceRange range_of(std::size_t line) {
  SourceRange range{"main.trunk.json", {}, {}};
  range.start.line = line;
  return range;
}

IssueRequest request_for(const std::string& issuer, std::vector<std::string> names, Arguments arguments = {}) {
  IssueRequest request;
  request.address = "certificate.issued.sip";
  request.issuer_address = "issuer." + issuer + ".ca";
  request.issuer = {issuer, std::move(arguments)};
  request.names = std::move(names);
  request.names_range = range_of(3);
  request.key_range = range_of(4);
  request.profile_range = range_of(5);
  return request;
}

Binding binding_of(std::vector<std::string> identity) {
  Binding binding;
  binding.address = parse_address("genesys_trunk_certificate.east").value();
  binding.certificate = "certificate.issued.sip";
  binding.identity = std::move(identity);
  return binding;
}

}  // namespace

TEST_CASE("a name that can stand in no certificate is a fault of every issuer's request, at its argument") {
  for (const auto* issuer : {"acme", "local_ca", "step_ca", "vault_pki"}) {
    const auto faults = faults_of(request_for(issuer, {"sip.example.com", "sip_1.example.com"}));
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().code == ErrorCode::invalid_input);
    CHECK(faults.front().address == "certificate.issued.sip");
    CHECK(faults.front().summary == "no certificate can be issued for \"sip_1.example.com\"");
    CHECK(faults.front().source == range_of(3));
    CHECK_FALSE(faults.front().hints.empty());
  }
}

TEST_CASE("an ACME authority signs for no URIs, and is shown addresses and wildcards in one way each") {
  const Arguments hook{{"dns_01.hook", R"(["/opt/hook"])"}};
  const Arguments both{{"dns_01.hook", R"(["/opt/hook"])"}, {"http_01.listen", "0.0.0.0:80"}};
  struct Case {
    std::string name;
    Arguments arguments;
    std::string why;  ///< empty: it can be issued
  };
  for (const auto& each :
       {Case{"sip:example.com", both, "no URIs"}, Case{"192.0.2.10", hook, "RFC 8738"}, Case{"192.0.2.10", both, ""},
        Case{"192.0.2.10", {}, ""}, Case{"*.example.com", {}, "a record of its zone alone"},
        Case{"*.example.com", hook, ""}, Case{"sip.example.com", {}, ""}, Case{"sip.example.com", hook, ""}}) {
    INFO(each.name << " " << each.why);
    const auto faults = faults_of(request_for("acme", {each.name}, each.arguments));
    REQUIRE(faults.size() == (each.why.empty() ? 0 : 1));
    if (!faults.empty()) CHECK(faults.front().detail.find(each.why) != std::string::npos);
    CHECK(faults_of(request_for("local_ca", {each.name})).empty());
    CHECK(faults_of(request_for("step_ca", {each.name})).empty());
  }
}

TEST_CASE("a profile is asked of an issuer that has some") {
  for (const auto* issuer : {"local_ca", "step_ca", "vault_pki"}) {
    auto request = request_for(issuer, {"sip.example.com"});
    request.profile = "short";
    const auto faults = faults_of(request);
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().summary == std::string("issuer.") + issuer + " has no profiles");
    CHECK(faults.front().source == range_of(5));
  }
  auto acme = request_for("acme", {"sip.example.com"});
  acme.profile = "short";
  CHECK(faults_of(acme).empty());
}

TEST_CASE("what the rules would refuse after it was issued is a fault before") {
  auto request = request_for("local_ca", {"sip.example.com", "sip:example.com"});
  CHECK(faults_for(request, binding_of({"example.com"})).empty());
  const auto names = faults_for(request, binding_of({"other.example.com"}));
  REQUIRE(names.size() == 1);
  CHECK(names.front().summary.find("name_mismatch") != std::string::npos);
  CHECK(names.front().source == range_of(3));

  auto picky = binding_of({"example.com"});
  picky.carrier.edit().key_types = {"rsa"};
  const auto key = faults_for(request, picky);
  REQUIRE(key.size() == 1);
  CHECK(key.front().summary.find("key_type_not_allowed") != std::string::npos);
  CHECK(key.front().source == range_of(4));
  request.key = KeyType::rsa_2048;
  CHECK(faults_for(request, picky).empty());
  picky.carrier.edit().min_rsa_bits = 3072;
  REQUIRE(faults_for(request, picky).size() == 1);
  CHECK(faults_for(request, picky).front().summary.find("key_too_weak") != std::string::npos);
}

TEST_CASE("an address is one address however it is written down") {
  auto web = binding_of({"2001:db8::1"});
  web.carrier.edit().identity_rules = IdentityRules::rfc6125;
  CHECK(faults_for(request_for("local_ca", {"2001:0DB8:0::1"}), web).empty());
  CHECK(faults_for(request_for("local_ca", {"2001:db8::2"}), web).size() == 1);
}
