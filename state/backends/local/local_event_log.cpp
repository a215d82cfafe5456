#include "state/backends/local/local_event_log.hpp"

#include "state/document/commit.hpp"
#include "state/document/hash_chain.hpp"

namespace trunkform::state {
Result<EventPage> LocalEventLog::read(const Context&, Sequence after) {
  // The document has the keys that the log is read with.
  if (m_folder->seal->lacks_document()) TRY(read_document(m_folder->files, m_folder->paths, *m_folder->seal));
  auto log = TRY(read_events(m_folder->files, m_folder->paths.events, after, *m_folder->seal));
  return EventPage{std::move(log.events), log.end.last, log.end.head};
}

Result<Sequence> LocalEventLog::append(const Context&, const Fence& fence, Sequence next, std::span<Event> events) {
  const std::scoped_lock guard(m_folder->mutex);
  TRY(m_folder->check_fence(fence));
  auto& held = *m_folder->held;
  if (next != held.end.last + 1) {
    return Error(ErrorCode::fenced, "event " + std::to_string(next) + " cannot be written: the log is at " +
                                        std::to_string(held.end.last));
  }
  return append_events(*m_folder, held, events);
}

Result<Sequence> append_events(LocalFolder& folder, HeldLock& held, std::span<Event> events) {
  if (events.empty()) return held.end.last;
  for (const auto& event : events) TRY(check_event(event));
  Fingerprint head = held.end.head;
  const auto lines = TRY(folder.seal->seal_lines(chain_events(events, held.end.last + 1, head)));
  if (auto written = held.log->append(lines); !written) {
    return folder.fail(Error(ErrorCode::io, "cannot write the event log " + folder.paths.events.string(),
                             "what was not recorded may not be done: the run stops here")
                           .hint("free space or mend the disk, then run the same command again: it resumes")
                           .because(std::move(written).error()));
  }
  held.end.head = head;
  held.end.last = events.back().sequence;
  held.end.size += lines.size();
  if (held.ahead)
    for (const auto& event : events) held.ahead->add(event);
  return held.end.last;
}

}  // namespace trunkform::state
