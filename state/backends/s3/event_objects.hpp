#pragma once
// The event log in objects: a batch is one of them, its lines behind the first.
#include "state/backends/s3/layout.hpp"
#include "state/backends/s3/objects.hpp"

namespace trunkform::state::s3 {

std::string encode_batch(const EventBatch& batch);

/// All events after `after` of a generation.
Result<EventBatch> read_events(const Context& context, Objects& objects, const Layout& layout,
                               const std::string& generation, Sequence after);
/// The last of all; none: an empty log.
Result<std::optional<EventBatch>> read_last_event(const Context& context, Objects& objects, const Layout& layout,
                                                  const std::string& generation);

}  // namespace trunkform::state::s3
