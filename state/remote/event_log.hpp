#pragma once
// The event log over an engine.
#include "schemas/ports/event_log.hpp"
#include "state/remote/epoch.hpp"

namespace trunkform::state {

class RemoteEventLog final : public EventLog {
 public:
  explicit RemoteEventLog(std::shared_ptr<RemoteState> state) : m_state(std::move(state)) {}
  Result<EventPage> read(const Context& context, Sequence after) override;
  Result<Sequence> append(const Context& context, const Fence& fence, Sequence next, std::span<Event> events) override;

 private:
  std::shared_ptr<RemoteState> m_state;
};

}  // namespace trunkform::state
