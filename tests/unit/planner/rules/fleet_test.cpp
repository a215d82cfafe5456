#include "planner/rules/fleet.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::rules;

namespace {

FleetMember member(unsigned char certificate, int day) {
  auto facts = std::make_shared<CertificateFacts>();
  facts->subject = "CN=sip";
  auto chain = std::make_shared<ChainFacts>();
  chain->certificates.push_back(facts);
  chain->identity.leaf.bytes[0] = certificate;
  return {"trunk-" + std::to_string(certificate), chain,
          Instant(std::chrono::sys_days(std::chrono::days(20000 + day)))};
}

}  // namespace

TEST_CASE("one certificate on more trunks than the limit is a warning, at the limit it is none") {
  std::vector<FleetMember> members(3, member(1, 0));
  CHECK(judge_fleet(members, {3, 100}).empty());
  members.push_back(member(1, 0));
  const auto findings = judge_fleet(members, {3, 100});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "shared_certificate");
  CHECK(findings[0].verdict == Verdict::warn);
  CHECK(findings[0].message.find("on 4 trunks: trunk-1, trunk-1, trunk-1 and 1 more") != std::string::npos);
}

TEST_CASE("many different certificates that end on one day are a warning, one shared certificate is not") {
  const FleetLimits limits{100, 2};
  CHECK(judge_fleet({member(1, 0), member(2, 0), member(3, 1), member(1, 0), member(2, 0)}, limits).empty());
  const auto findings = judge_fleet({member(1, 0), member(2, 0), member(3, 0)}, limits);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "expiry_cluster");
}
