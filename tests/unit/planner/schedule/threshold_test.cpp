#include "planner/schedule/threshold.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::schedule;
using std::chrono::hours;

namespace {

constexpr Duration days(int count) { return hours(24 * count); }
const Instant k_expiry = *parse_rfc3339("2027-03-01T12:00:00Z");

}  // namespace

TEST_CASE("the specification's four examples hold to the millisecond with the default policy") {
  const RotatePolicy policy;
  CHECK(due_margin(days(365), policy) == days(30));
  CHECK(due_margin(days(90), policy) == days(30));
  CHECK(due_margin(days(45), policy) == days(15));
  CHECK(due_margin(days(6), policy) == days(2));
}

TEST_CASE("a fraction other than 33% is taken as it is") {
  RotatePolicy policy;
  policy.lifetime_left = 0.5;
  CHECK(due_margin(days(10), policy) == days(5));
  policy.lifetime_left = 0.34;
  CHECK(due_margin(days(50), policy) == days(17));
  policy.lifetime_left = 0.32;
  CHECK(due_margin(days(50), policy) == days(16));
}

TEST_CASE("before_expiry and lifetime_left: the smaller one counts") {
  RotatePolicy policy;
  policy.before_expiry = days(3);
  CHECK(due_margin(days(90), policy) == days(3));
  policy.before_expiry = days(300);
  CHECK(due_margin(days(365), policy) == days(365) / 3);
}

TEST_CASE("due begins exactly when the margin is reached") {
  const RotatePolicy policy;
  const auto at = due_at(days(365), k_expiry, policy);
  CHECK(at == k_expiry - days(30));
  CHECK(is_due(days(365), k_expiry, policy, at));
  CHECK_FALSE(is_due(days(365), k_expiry, policy, at - Duration(1)));
}

TEST_CASE("critical is below the lesser of seven days and a sixth of the lifetime") {
  const RotatePolicy policy;
  CHECK(critical_margin(days(365), policy) == days(7));
  CHECK(critical_margin(days(6), policy) == days(1));
  CHECK_FALSE(is_critical(days(365), k_expiry, policy, k_expiry - days(7)));
  CHECK(is_critical(days(365), k_expiry, policy, k_expiry - days(7) + Duration(1)));
}

TEST_CASE("a configured critical replaces the computed one") {
  RotatePolicy policy;
  policy.critical = days(10);
  CHECK(critical_margin(days(6), policy) == days(10));
}

TEST_CASE("a certificate is valid through its notAfter and expired after it") {
  CHECK_FALSE(is_expired(k_expiry, k_expiry));
  CHECK(is_expired(k_expiry, k_expiry + Duration(1)));
}

TEST_CASE("what has expired is due and critical, even with no margins at all") {
  RotatePolicy policy;
  policy.before_expiry = Duration::zero();
  policy.critical = Duration::zero();
  const auto now = k_expiry + Duration(1);
  CHECK(is_due(days(90), k_expiry, policy, now));
  CHECK(is_critical(days(90), k_expiry, policy, now));
}

TEST_CASE("a certificate that ends before it begins has no margin instead of a negative one") {
  const RotatePolicy policy;
  CHECK(due_margin(-days(5), policy) == Duration::zero());
  CHECK(critical_margin(-days(5), policy) == Duration::zero());
}
