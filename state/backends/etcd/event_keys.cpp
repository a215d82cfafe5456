#include "state/backends/etcd/event_keys.hpp"

#include <charconv>

#include "state/backends/etcd/head.hpp"
#include "state/backends/etcd/keys.hpp"

namespace trunkform::state::etcd {

Result<EventKeys::End> EventKeys::end(const Context& context) {
  const auto found = TRY(read_key(context, m_store, m_layout.log()));
  if (!found) return End{};
  const auto text = TRY(behind_mark(found->value, "the event log's end"));
  End end{0, found->changed};
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), end.last);
  if (failure != std::errc() || std::string_view(stop, text.data() + text.size()) != "\n")
    return Error(ErrorCode::corrupt, "the event log's end in etcd is damaged", "it is no number")
        .hint("take it from a snapshot of before: docs/formats/etcd.md");
  return end;
}

/// Up to the last number no event is ever changed: they need not be read at one moment.
Result<EventBatch> EventKeys::after(const Context& context, Sequence number) {
  const auto last = TRY(end(context)).last;
  EventBatch batch;
  if (number >= last) return batch;
  const KeyRange range{m_layout.event(number + 1), m_layout.event(last + 1)};
  const auto folder = range.first.size() - Layout::padded(0).size();
  TRY(each_key(
      context, m_store, range, [&] { batch = {}; },
      [&](KeyValue& found) {
        if (batch.lines.empty()) batch.first = std::stoull(found.key.substr(folder));
        batch.lines.push_back(std::move(found.value));
      }));
  return batch;
}

Result<std::optional<EventBatch>> EventKeys::last(const Context& context) {
  const auto last = TRY(end(context)).last;
  if (last == 0) return std::optional<EventBatch>();
  auto found = TRY(read_key(context, m_store, m_layout.event(last)));
  if (!found)
    return Error(ErrorCode::corrupt, "the event log in etcd is damaged",
                 "its end is event " + std::to_string(last) + ", which is not there")
        .hint("take it from a snapshot of before: docs/formats/etcd.md");
  return std::optional(EventBatch{last, {std::move(found->value)}});
}

/// An earlier try of this very batch, whose answer was lost, may have arrived late.
Result<EventKeys::Appended> EventKeys::refused(const Context& context, const EventBatch& batch, bool was_tried) {
  if (!was_tried) return Appended::a_condition_failed;
  const auto found = TRY(after(context, batch.first - 1));
  return found.lines == batch.lines ? Appended::done : Appended::a_condition_failed;
}

Result<EventKeys::Appended> EventKeys::append(const Context& context, const KeyCondition& lock,
                                              const EventBatch& batch) {
  bool was_tried = false;
  {
    const std::scoped_lock guard(m_mutex);
    was_tried = m_tried.lock == lock.is && m_tried.first == batch.first;
    m_tried = {lock.is, batch.first};
  }
  const auto before = TRY(end(context));
  if (before.last >= batch.first) return refused(context, batch, was_tried);
  Portions portions;
  for (std::size_t i = 0; i < batch.lines.size(); ++i)
    portions.add(put_key(m_layout.event(batch.first + i), batch.lines[i]));
  const KeyCondition unchanged{m_layout.log(), KeyCondition::Of::changed, before.changed};
  auto all = portions.all();
  // What goes with the new end is there with it; what went before it counts from then on.
  all.back().push_back(put_key(m_layout.log(), mark() + std::to_string(batch.first + batch.lines.size() - 1) + "\n"));
  for (auto& changes : all)
    if (!TRY(m_store.transact(context, {{lock, unchanged}, std::move(changes)})))
      return refused(context, batch, was_tried);
  return Appended::done;
}

}  // namespace trunkform::state::etcd
