#pragma once
// The event log in append blobs, as it is read: a line is an event's number, a space and the event; a line that begins
// with `-` closes the blob. Each run begins one.
#include "state/backends/azblob/blobs.hpp"
#include "state/backends/azblob/layout.hpp"

namespace trunkform::state::azblob {

/// Lines of events, each with its newline.
std::string encode_events(const EventBatch& batch);
/// The line that a blob ends with whose writer has lost the lock to `lock_id`.
std::string closing_line(const std::string& lock_id);

/// All events after `after` of a generation.
Result<EventBatch> read_events(const Context& context, Blobs& blobs, const Layout& layout,
                               const std::string& generation, Sequence after);
/// The last of all; none: an empty log.
Result<std::optional<EventBatch>> read_last_event(const Context& context, Blobs& blobs, const Layout& layout,
                                                  const std::string& generation);

/// Where a blob ends, and whether it is closed.
struct LogEnd {
  std::uint64_t size = 0;
  bool is_closed = false;
};
/// None: it is gone.
Result<std::optional<LogEnd>> read_end(const Context& context, Blobs& blobs, const ListedBlob& blob);

}  // namespace trunkform::state::azblob
