#pragma once
// How far a service's clock is from ours, by the `Date` of its answers (RFC 9110 §6.6.1). Thread-safe.
#include <mutex>
#include <optional>

#include "schemas/ports/http_client.hpp"

namespace trunkform::cloud {

class ClockDifference {
 public:
  /// `now` is when the answer came. Without a Date that can be read nothing changes.
  void note(const HttpResponse& answer, Instant now);
  /// Theirs minus ours, from the last answer.
  std::optional<Duration> value() const;

 private:
  mutable std::mutex m_mutex;
  std::optional<Duration> m_value;
};

}  // namespace trunkform::cloud
