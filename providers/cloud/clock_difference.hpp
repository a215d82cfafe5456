#pragma once
// What time it is by a service's own clock, and how far that is from ours: by the `Date` of its answers (RFC 9110
// §6.6.1), to the second. Thread-safe.
#include <mutex>
#include <optional>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::cloud {

/// `who`: `S3`, for the message. `now`: ours. Error: protocol, where it has no date that can be read.
Result<Instant> time_of(const HttpResponse& answer, std::string_view who, Instant now);

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
