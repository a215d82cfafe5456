#include "state/backends/s3/event_objects.hpp"

#include <algorithm>

#include "state/remote/side_by_side.hpp"

namespace trunkform::state::s3 {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    lines.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

Result<EventBatch> read_batch(const Context& context, Objects& objects, const std::string& key) {
  const auto first = first_event_of(key);
  if (!first || *first == 0) return Error(ErrorCode::corrupt, "the object " + key + " has no event's number");
  auto found = TRY(objects.get(context, key));
  if (!found)
    return Error(ErrorCode::conflict, "the event log was removed while it was read", "the object " + key + " is gone")
        .hint("run the command again");
  return EventBatch{*first, lines_of(TRY(found->content))};
}

}  // namespace

std::string encode_batch(const EventBatch& batch) {
  std::string content;
  for (const auto& line : batch.lines) content += line + "\n";
  return content;
}

Result<EventBatch> read_events(const Context& context, Objects& objects, const Layout& layout,
                               const std::string& generation, Sequence after) {
  // Newest first: the object that begins before `after` may still have what follows it, and none before that has.
  std::vector<std::string> keys;
  TRY(objects.each_key(context, layout.events(generation), [&](const std::string& key) -> Result<Objects::Go> {
    keys.push_back(key);
    const auto first = first_event_of(key);
    return first && *first <= after + 1 ? Objects::Go::no_further : Objects::Go::on;
  }));
  std::reverse(keys.begin(), keys.end());
  EventBatch events;
  auto batches = TRY(side_by_side<EventBatch>(
      keys.size(), [&](std::size_t number) { return read_batch(context, objects, keys[number]); }));
  for (auto& batch : batches) {
    auto number = batch.first;
    for (auto& line : batch.lines) {
      if (number > after && events.lines.empty()) events.first = number;
      if (number++ > after) events.lines.push_back(std::move(line));
    }
  }
  return events;
}

Result<std::optional<EventBatch>> read_last_event(const Context& context, Objects& objects, const Layout& layout,
                                                  const std::string& generation) {
  const auto newest = TRY(objects.store().list(context, layout.events(generation), {}, 1));
  if (newest.keys.empty()) return std::optional<EventBatch>();
  auto batch = TRY(read_batch(context, objects, newest.keys.front()));
  if (batch.lines.empty())
    return Error(ErrorCode::corrupt, "the object " + newest.keys.front() + " has no event in it");
  return std::optional(EventBatch{batch.first + batch.lines.size() - 1, {std::move(batch.lines.back())}});
}

}  // namespace trunkform::state::s3
