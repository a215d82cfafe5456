#pragma once
// The event log as a file of lines, read from its end: what a reader needs does not grow with the log's age. Stateless.
#include <vector>

#include "schemas/model/event.hpp"
#include "schemas/ports/event_log.hpp"
#include "schemas/ports/file_system.hpp"
#include "state/sealing/seal.hpp"

namespace trunkform::state {

/// Where the next event goes.
struct LogEnd {
  Sequence last = 0;       ///< 0: no event
  Fingerprint head{};      ///< SHA-256 of the last line in the clear; zero: no event
  std::uint64_t size = 0;  ///< bytes of whole events
  std::uint64_t torn = 0;  ///< bytes after them that a crash left
};

struct LogSlice {
  std::vector<Event> events;
  LogEnd end;
  bool gap = false;  ///< numbers are missing right before the first of `events`
};

/// Events after `after`; no file is an empty log. Hashes are checked over what is read. A last line without its
/// newline, or a last block with NUL bytes, is what a crash leaves, not an event. Errors: corrupt (line number and the
/// command that mends it), unsupported (a newer format), denied, io; `seal`'s.
Result<LogSlice> read_events(FileSystem& files, const Path& path, Sequence after, Seal& seal);

}  // namespace trunkform::state
