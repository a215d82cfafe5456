#include "state/remote/event_log.hpp"

namespace trunkform::state {

Result<EventPage> RemoteEventLog::read(const Context& context, Sequence after) {
  auto log = TRY(read_log(context, *m_state->engine, after));
  return EventPage{std::move(log.events), log.last, log.head};
}

Result<Sequence> RemoteEventLog::append(const Context& context, const Fence& fence, Sequence next,
                                        std::span<Event> events) {
  const std::scoped_lock guard(m_state->mutex);
  TRY(m_state->check_fence(context, fence));
  auto& held = *m_state->held;
  if (next != held.last + 1)
    return Error(ErrorCode::fenced,
                 "event " + std::to_string(next) + " cannot be written: the log is at " + std::to_string(held.last));
  return append_events(context, *m_state, held, events);
}

}  // namespace trunkform::state
