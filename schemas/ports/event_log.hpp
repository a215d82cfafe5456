#pragma once
// The append-only log beside the document. Durable on return. Thread-safe; appends are one at a time.
#include <limits>
#include <span>
#include <vector>

#include "schemas/model/event.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/lock.hpp"

namespace trunkform {

struct EventPage {
  std::vector<Event> events;
  Sequence last = 0;   ///< sequence of the last event in the log, 0 when empty
  Fingerprint head{};  ///< SHA-256 of the last line, zero when empty
};

/// As `after`: no event, only how many there are and the last one's hash.
inline constexpr Sequence k_only_the_end = std::numeric_limits<Sequence>::max();

class EventLog {
 public:
  virtual ~EventLog() = default;
  /// Events with a sequence greater than `after`. A torn last line (a crash while writing) is not an event; a damaged
  /// line before it is ErrorCode::corrupt with the line's number.
  virtual Result<EventPage> read(const Context& context, Sequence after) = 0;
  /// Gives `events` the numbers from `next` on and chains their hashes. A lost `next` (somebody wrote it) is fenced.
  virtual Result<Sequence> append(const Context& context, const Fence& fence, Sequence next,
                                  std::span<Event> events) = 0;
};

}  // namespace trunkform
