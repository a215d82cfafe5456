#include "providers/cloud/backoff.hpp"

#include <algorithm>

namespace trunkform::cloud {

Duration Backoff::ceiling(int attempt) const {
  auto limit = base;
  for (int i = 1; i < attempt && limit < cap; ++i) limit *= 2;
  return std::min(limit, cap);
}

Duration Backoff::wait(int attempt, Random& random) const {
  return Duration(static_cast<Duration::rep>(random.below(static_cast<std::uint64_t>(ceiling(attempt).count()) + 1)));
}

bool RetryAllowance::take() {
  auto taken = m_taken.load();
  do {
    if (taken >= std::max<std::uint64_t>(m_least, m_requests / 10)) return false;
  } while (!m_taken.compare_exchange_weak(taken, taken + 1));
  return true;
}

}  // namespace trunkform::cloud
