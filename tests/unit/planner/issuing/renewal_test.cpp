// When a certificate is renewed.
#include <catch2/catch.hpp>

#include "tests/unit/planner/issuing/known_issue.hpp"

using namespace trunkform;
using namespace trunkform::issuing;
using namespace trunkform::issuing::known_issue;
using namespace std::chrono_literals;

TEST_CASE("a certificate is renewed 1.5 times as early as a binding needs it") {
  CHECK(Known(stored(46 * k_day)).plan().cause == IssueCause::none);
  const Known due(stored(45 * k_day));
  CHECK(due.plan().cause == IssueCause::due);
  CHECK(due.plan().replaces == VersionId{"v1"});
  CHECK(Known(stored(46 * k_day)).plan().renews_on == k_now + 1 * k_day);
  // 6 days: due when 2 are left.
  CHECK(Known(stored(3 * k_day + 1h, 6 * k_day)).plan().cause == IssueCause::none);
  CHECK(Known(stored(3 * k_day, 6 * k_day)).plan().cause == IssueCause::due);
}

TEST_CASE("the binding that needs it first decides when it is renewed") {
  Known known(stored(46 * k_day));
  RotatePolicy early;
  early.before_expiry = 60 * k_day;
  early.lifetime_left = 0.5;
  known.input.users.push_back(&early);
  CHECK(known.plan().cause == IssueCause::due);
  known.input.users.clear();
  CHECK(known.plan().cause == IssueCause::none);
}

TEST_CASE("the effective expiry counts, and not the leaf's alone") {
  auto chain = std::make_shared<ChainFacts>(*stored(50 * k_day));
  CHECK(Known(chain).plan().cause == IssueCause::none);
  auto intermediate = std::make_shared<CertificateFacts>();
  intermediate->is_ca = true;
  intermediate->not_after = k_now + 40 * k_day;
  chain->certificates.push_back(intermediate);
  CHECK(Known(chain).plan().cause == IssueCause::due);
}

TEST_CASE("what was just issued is not due, however early a binding wants the next one") {
  for (const auto lifetime : {6h, 24h * 6, 24h * 90, 24h * 365})
    for (const double fraction : {0.33, 0.5, 0.67, 0.7, 0.99}) {
      Known known(stored(lifetime, lifetime));
      known.rotate.before_expiry = 24h * 400;
      known.rotate.lifetime_left = fraction;
      INFO(to_string(lifetime) << " " << fraction);
      CHECK(known.plan().cause == IssueCause::none);
      CHECK(known.plan().renews_on >= k_now + lifetime / 3);
      known.input.window = RenewalWindow{k_now + lifetime, k_now + 2 * lifetime, ""};
      CHECK(known.plan().cause == IssueCause::none);
    }
}

TEST_CASE("an issuer's window decides, at a moment of it that is the certificate's own") {
  const auto chain = stored(80 * k_day);
  const RenewalWindow window{k_now - 2 * k_day, k_now + 2 * k_day, "https://ca.example.com/incident"};
  const auto moment = moment_in(window, chain->leaf());
  CHECK(moment >= window.start);
  CHECK(moment < window.end);
  CHECK(moment == moment_in(window, chain->leaf()));
  auto other = chain->leaf();
  other.serial = "06";
  CHECK(moment != moment_in(window, other));

  for (const auto& [at, cause] : {std::pair{moment - 1s, IssueCause::none}, std::pair{moment, IssueCause::due}}) {
    Known known(chain);
    known.input.window = window;
    known.input.now = at;
    CHECK(known.plan().cause == cause);
    CHECK(known.plan().renews_on == moment);
  }
}

TEST_CASE("a window in the past asks for a renewal now, and says why") {
  Known known(stored(80 * k_day));
  known.input.window = RenewalWindow{k_now - 3 * k_day, k_now - 2 * k_day, "https://ca.example.com/incident"};
  const auto planned = known.plan();
  CHECK(planned.cause == IssueCause::due);
  REQUIRE(planned.notes.size() == 1);
  CHECK(planned.notes.front().find("https://ca.example.com/incident") != std::string::npos);
}

TEST_CASE("a window beyond the time at which a binding needs the next certificate is not waited for") {
  Known known(stored(31 * k_day));
  known.input.window = RenewalWindow{k_now + 10 * k_day, k_now + 20 * k_day, ""};
  CHECK(known.plan().cause == IssueCause::none);
  CHECK(known.plan().renews_on == k_now + 1 * k_day);
  known.input.now = k_now + 1 * k_day;
  CHECK(known.plan().cause == IssueCause::due);
}
