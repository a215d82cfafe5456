// Having a certificate revoked, by an issuer that answers, refuses, is not reached, or whose answer nobody hears.
#include "cmd/engine/revocation.hpp"

#include "tests/unit/cmd/engine/issuing_bench.hpp"

namespace trunkform::engine {

using namespace issuing_bench;

namespace {

struct Revoking {
  Bench bench;
  x509::Certificate leaf = x509::parse_certificates(bench.issuer->family.leaf.pem).value().front();
  Fingerprint key = leaf.facts->key.spki;

  std::set<Fingerprint> known() { return state::fold({}, bench.events.events).revoked; }
  Result<> run(RevocationReason reason = RevocationReason::key_compromise) {
    return have_revoked({}, *bench.issuer, bench.log, known(), {bench.request.address, *leaf.facts, leaf.der, reason});
  }
  std::vector<std::string> events() const {
    std::vector<std::string> kinds;
    for (const auto& event : bench.events.events) kinds.emplace_back(kind_of(event.body));
    return kinds;
  }
};
using Kinds = std::vector<std::string>;

}  // namespace

TEST_CASE("that a certificate is to be revoked is durable before its issuer is asked") {
  Revoking revoking;
  SECTION("the answer is heard") {
    revoking.bench.issuer->revokes_it = [&]() -> Result<> {
      CHECK(revoking.known() == std::set<Fingerprint>{revoking.leaf.facts->fingerprint, revoking.key});
      return {};
    };
    REQUIRE(revoking.run());
    CHECK(revoking.events() == Kinds{"issue_revoke_asked", "issue_revoked"});
  }
  SECTION("the run dies before it has written it down, and the next one asks again") {
    revoking.bench.events.passes = [](const std::string& step) {
      if (step == "before issue_revoked") throw std::runtime_error("killed");
    };
    CHECK_THROWS_WITH(revoking.run(), "killed");
    CHECK(revoking.known().contains(revoking.leaf.facts->fingerprint));
    revoking.bench.events.passes = nullptr;
    std::size_t asked = 0;
    revoking.bench.issuer->revokes_it = [&] { return ++asked, Result<>(); };
    REQUIRE(revoking.run());
    CHECK(asked == 1);
  }
  CHECK(revoking.known() == std::set<Fingerprint>{revoking.leaf.facts->fingerprint, revoking.key});
}

TEST_CASE("a key that is not compromised is not counted as revoked") {
  Revoking revoking;
  REQUIRE(revoking.run(RevocationReason::superseded));
  CHECK(revoking.known() == std::set<Fingerprint>{revoking.leaf.facts->fingerprint});
}

TEST_CASE("what an issuer refuses to revoke is as good as it was before") {
  Revoking revoking;
  std::set<Fingerprint> before;
  SECTION("never revoked") {}
  SECTION("revoked, and its key only now known to be lost") {
    REQUIRE(revoking.run(RevocationReason::superseded));
    before = {revoking.leaf.facts->fingerprint};
  }
  // An issuer that was not asked at all (no connection, no key, no time) is one of them.
  const auto code = GENERATE(ErrorCode::rejected, ErrorCode::denied, ErrorCode::unavailable, ErrorCode::cancelled);
  revoking.bench.issuer->revokes_it = [=] { return Result<>(Error(code, "it is not ours")); };
  const auto refused = revoking.run();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == code);
  CHECK(revoking.events().back() == "issue_revoke_refused");
  CHECK(revoking.known() == before);
}

TEST_CASE("where the issuer may have revoked it, it counts as revoked, and who asks is told to ask again") {
  Revoking revoking;
  revoking.bench.issuer->revokes_it = [] { return Result<>(Error(ErrorCode::outcome_unknown, "no answer")); };
  const auto unheard = revoking.run();
  REQUIRE_FALSE(unheard);
  CHECK(unheard.error().code == ErrorCode::outcome_unknown);
  CHECK(unheard.error().causes.front().summary == "no answer");
  CHECK(revoking.known() == std::set<Fingerprint>{revoking.leaf.facts->fingerprint, revoking.key});
  revoking.bench.issuer->revokes_it = nullptr;
  REQUIRE(revoking.run());
  CHECK(revoking.events() == Kinds{"issue_revoke_asked", "issue_revoke_asked", "issue_revoked"});
}

TEST_CASE("under a lock that is lost no issuer is asked to revoke") {
  Revoking revoking;
  revoking.bench.events.is_of_another = true;
  revoking.bench.issuer->revokes_it = [] {
    FAIL("asked");
    return Result<>();
  };
  CHECK(revoking.run().error().code == ErrorCode::fenced);
}

}  // namespace trunkform::engine
