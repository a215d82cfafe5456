#include "providers/cloud/clock_difference.hpp"

#include "providers/cloud/retry_after.hpp"

namespace trunkform::cloud {

void ClockDifference::note(const HttpResponse& answer, Instant now) {
  const auto* text = answer.header("Date");
  const auto theirs = text == nullptr ? std::nullopt : parse_http_date(*text, now);
  if (!theirs) return;
  const std::scoped_lock lock(m_mutex);
  m_value = *theirs - now;
}

std::optional<Duration> ClockDifference::value() const {
  const std::scoped_lock lock(m_mutex);
  return m_value;
}

}  // namespace trunkform::cloud
