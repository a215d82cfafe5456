#include "cmd/engine/run_log.hpp"

#include <utility>

namespace trunkform::engine {

RunLog::RunLog(EventLog& log, const Clock& clock, Fence fence, Sequence last, RunIdentity identity)
    : m_log(log), m_clock(clock), m_fence(std::move(fence)), m_last(last), m_identity(std::move(identity)) {}

Result<> RunLog::append(std::vector<EventBody> bodies) {
  std::vector<SeenEvent> seen;
  seen.reserve(bodies.size());
  const auto now = m_clock.now();
  for (auto& body : bodies) seen.push_back({now, std::move(body)});
  return append_seen(std::move(seen));
}

Result<> RunLog::append_seen(std::vector<SeenEvent> seen) {
  const std::scoped_lock guard(m_mutex);
  if (m_failure) return *m_failure;
  std::vector<Event> events;
  events.reserve(seen.size());
  for (auto& [at, body] : seen) {
    Event event;
    event.time = at;
    event.run = m_identity.run;
    event.actor = m_identity.actor;
    event.plan = m_identity.plan;
    event.body = std::move(body);
    events.push_back(std::move(event));
  }
  // A stop request must not tear a step apart: the event of what was done is written in any case.
  const auto last = m_log.append(Context{}, m_fence, m_last + 1, events);
  if (!last) {
    m_failure = last.error();
    return *m_failure;
  }
  m_last = *last;
  for (auto& event : events) {
    for (auto* sink : m_sinks) sink->on_event(event);
    keep(std::move(event));
  }
  return {};
}

void RunLog::keep(Event event) {
  if (const auto* address = address_of(event.body)) m_touched.insert(*address);
  if (const auto* moved = std::get_if<Moved>(&event.body)) m_touched.insert(moved->from);
  if (m_folding)
    m_folding->add(event);
  else
    m_written.push_back(std::move(event));
}

void RunLog::fold_onto(StateDocument document) {
  const std::scoped_lock guard(m_mutex);
  m_folding.emplace(std::move(document));
  for (const auto& event : std::exchange(m_written, {})) m_folding->add(event);
}

bool RunLog::is_folding() const {
  const std::scoped_lock guard(m_mutex);
  return m_folding.has_value();
}

StateDocument RunLog::take_document() {
  const std::scoped_lock guard(m_mutex);
  auto document = std::move(m_folding.value()).take();
  m_folding.reset();
  m_failure = Error(ErrorCode::internal, "the run has ended");
  return document;
}

Result<bool> RunLog::has_ended(const Context& context, const std::string& request) const {
  const auto page = TRY(m_log.read(context, 0));
  const std::string* address = nullptr;  // whose request it is
  for (const auto& event : page.events) {
    if (const auto* begun = std::get_if<IssueBegun>(&event.body); begun != nullptr && begun->issue.request == request)
      address = &begun->address;
    if (address == nullptr) continue;
    const auto* ended = std::get_if<IssueEnded>(&event.body);
    const auto* forgotten = std::get_if<IssueForgotten>(&event.body);
    if ((ended != nullptr && ended->request == request) || (forgotten != nullptr && forgotten->address == *address))
      return true;
  }
  return false;
}

void RunLog::set_plan(std::string digest) {
  const std::scoped_lock guard(m_mutex);
  m_identity.plan = std::move(digest);
}

std::string RunLog::plan() const {
  const std::scoped_lock guard(m_mutex);
  return m_identity.plan;
}

void RunLog::add_sink(EventSink& sink) {
  const std::scoped_lock guard(m_mutex);
  m_sinks.push_back(&sink);
}

Sequence RunLog::last() const {
  const std::scoped_lock guard(m_mutex);
  return m_last;
}

std::vector<Event> RunLog::written() const {
  const std::scoped_lock guard(m_mutex);
  return m_written;
}

}  // namespace trunkform::engine
