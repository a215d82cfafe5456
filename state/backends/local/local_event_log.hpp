#pragma once
// EventLog over a file of lines. Thread-safe.
#include <memory>

#include "schemas/ports/event_log.hpp"
#include "state/backends/local/folder.hpp"

namespace trunkform::state {

class LocalEventLog final : public EventLog {
 public:
  explicit LocalEventLog(std::shared_ptr<LocalFolder> folder) : m_folder(std::move(folder)) {}
  Result<EventPage> read(const Context& context, Sequence after) override;
  Result<Sequence> append(const Context& context, const Fence& fence, Sequence next, std::span<Event> events) override;

 private:
  std::shared_ptr<LocalFolder> m_folder;
};

/// One durable write of `events`, chained to the end of the log. For holders of the folder's mutex and lock.
Result<Sequence> append_events(LocalFolder& folder, HeldLock& held, std::span<Event> events);

}  // namespace trunkform::state
