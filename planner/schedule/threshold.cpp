#include "planner/schedule/threshold.hpp"

#include <algorithm>
#include <cmath>

namespace trunkform::schedule {
namespace {

constexpr Duration k_critical_at_most = std::chrono::hours(24 * 7);
constexpr int k_critical_divisor = 6;
/// What people write for a third, and what the specification's examples mean by it.
constexpr double k_third_as_written = 0.33;
constexpr double k_spelling_tolerance = 1e-9;

Duration share(Duration lifetime, double fraction) {
  if (std::abs(fraction - k_third_as_written) < k_spelling_tolerance) return lifetime / 3;
  return Duration(std::llround(static_cast<double>(lifetime.count()) * fraction));
}

Duration not_negative(Duration duration) { return std::max(duration, Duration::zero()); }

}  // namespace

Duration due_margin(Duration lifetime, const RotatePolicy& policy) {
  return not_negative(std::min(policy.before_expiry, share(not_negative(lifetime), policy.lifetime_left)));
}

Duration critical_margin(Duration lifetime, const RotatePolicy& policy) {
  if (policy.critical) return not_negative(*policy.critical);
  return std::min(k_critical_at_most, not_negative(lifetime) / k_critical_divisor);
}

Instant due_at(Duration lifetime, Instant effective_expiry, const RotatePolicy& policy) {
  return effective_expiry - due_margin(lifetime, policy);
}

bool is_due(Duration lifetime, Instant effective_expiry, const RotatePolicy& policy, Instant now) {
  return now >= due_at(lifetime, effective_expiry, policy);
}

bool is_critical(Duration lifetime, Instant effective_expiry, const RotatePolicy& policy, Instant now) {
  return effective_expiry - now < critical_margin(lifetime, policy) || is_expired(effective_expiry, now);
}

bool is_expired(Instant effective_expiry, Instant now) { return now > effective_expiry; }

}  // namespace trunkform::schedule
