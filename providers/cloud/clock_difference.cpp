#include "providers/cloud/clock_difference.hpp"

#include <fmt/format.h>

#include "providers/cloud/retry_after.hpp"

namespace trunkform::cloud {
namespace {

std::optional<Instant> date_of(const HttpResponse& answer, Instant now) {
  const auto* text = answer.header("Date");
  return text == nullptr ? std::nullopt : parse_http_date(*text, now);
}

}  // namespace

Result<Instant> time_of(const HttpResponse& answer, std::string_view who, Instant now) {
  const auto theirs = date_of(answer, now);
  if (!theirs) return Error(ErrorCode::protocol, fmt::format("{} did not say what time it is", who));
  return *theirs;
}

void ClockDifference::note(const HttpResponse& answer, Instant now) {
  const auto theirs = date_of(answer, now);
  if (!theirs) return;
  const std::scoped_lock lock(m_mutex);
  m_value = *theirs - now;
}

std::optional<Duration> ClockDifference::value() const {
  const std::scoped_lock lock(m_mutex);
  return m_value;
}

}  // namespace trunkform::cloud
