#include "state/backends/azblob/event_blobs.hpp"

#include <algorithm>
#include <charconv>

#include "schemas/ports/event_log.hpp"
#include "state/remote/side_by_side.hpp"

namespace trunkform::state::azblob {
namespace {

/// Read from the end of a blob at first; then four times as much, until it is enough.
constexpr std::uint64_t k_first_part = 256U << 10;
/// Longer than any closing line.
constexpr std::uint64_t k_closing_part = 512;

Error damaged(const std::string& name, std::string why) {
  return Error(ErrorCode::corrupt, "the blob " + name + " is damaged, or not one of trunkform's", std::move(why))
      .hint("what it recorded before is there still: trunkform history; the trunks are as they are: trunkform drift");
}

Error gone(const std::string& name) {
  return Error(ErrorCode::conflict, "the event log was removed while it was read", "the blob " + name + " is gone")
      .hint("run the command again");
}

std::uint64_t part_of(std::uint64_t size, std::uint64_t most) { return size > most ? size - most : 0; }

Result<> take_line(const std::string& name, std::string_view line, EventBatch& events) {
  if (line.starts_with('-')) return {};
  Sequence number = 0;
  const auto space = line.find(' ');
  const std::string digits(line.substr(0, space));
  const auto* end = digits.data() + digits.size();
  const auto [at, failure] = std::from_chars(digits.data(), end, number);
  if (space == std::string_view::npos || at != end || failure != std::errc() || number == 0)
    return damaged(name, "a line of it does not begin with the number of an event");
  if (events.lines.empty()) events.first = number;
  if (number != events.first + events.lines.size())
    return damaged(name, "event " + std::to_string(number) + " stands where event " +
                             std::to_string(events.first + events.lines.size()) + " belongs");
  events.lines.emplace_back(line.substr(space + 1));
  return {};
}

/// `text` ends with a newline: what is appended is there whole, or not at all.
Result<EventBatch> events_in(const std::string& name, std::string_view text) {
  EventBatch events;
  if (!text.empty() && !text.ends_with('\n')) return damaged(name, "it ends within a line");
  while (!text.empty()) {
    const auto end = text.find('\n');
    TRY(take_line(name, text.substr(0, end), events));
    text.remove_prefix(end + 1);
  }
  return events;
}

EventBatch after_of(EventBatch events, Sequence after) {
  if (events.lines.empty() || events.first > after) return events;
  const auto known = std::min<Sequence>(after - events.first + 1, events.lines.size());
  events.lines.erase(events.lines.begin(), events.lines.begin() + static_cast<std::ptrdiff_t>(known));
  events.first += known;
  return events;
}

/// Whether there is no need to look further back for what comes after `after`.
bool reaches(const std::optional<Sequence>& first, Sequence after) { return first && *first - 1 <= after; }

/// The end of a blob, as far back as needed for what comes after `after`: it costs what is wanted of it.
Result<EventBatch> read_part(const Context& context, Blobs& blobs, const ListedBlob& blob, Sequence after) {
  for (auto part = k_first_part;; part *= 4) {
    const auto from = part_of(blob.size, part);
    const auto bytes = TRY(blobs.store().get_from(context, blob.name, from));
    if (!bytes) return gone(blob.name);
    std::string_view text = *bytes;
    // Within a line as a rule: what is left of it is passed over.
    if (from > 0) text = text.find('\n') == std::string_view::npos ? "" : text.substr(text.find('\n') + 1);
    auto events = TRY(events_in(blob.name, text));
    const auto first = events.lines.empty() ? std::nullopt : std::optional(events.first);
    if (from == 0 || reaches(first, after)) return events;
  }
}

}  // namespace

std::string encode_events(const EventBatch& batch) {
  std::string text;
  auto number = batch.first;
  for (const auto& line : batch.lines) text += std::to_string(number++) + " " + line + "\n";
  return text;
}

std::string closing_line(const std::string& lock_id) { return "- closed by " + lock_id.substr(0, 200) + "\n"; }

Result<EventBatch> read_events(const Context& context, Blobs& blobs, const Layout& layout,
                               const std::string& generation, Sequence after) {
  // Newest first: the blob that begins before `after` may still have what follows it, and none before that has.
  std::vector<ListedBlob> found;
  TRY(blobs.each(context, layout.events(generation), [&](const ListedBlob& blob) -> Result<Blobs::Go> {
    const auto first = first_event_of(blob.name);
    if (!first || *first == 0) return damaged(blob.name, "its name has no event's number");
    if (blob.size > 0) found.push_back(blob);
    return reaches(first, after) ? Blobs::Go::no_further : Blobs::Go::on;
  }));
  std::reverse(found.begin(), found.end());
  auto parts = TRY(side_by_side<EventBatch>(
      found.size(), [&](std::size_t number) { return read_part(context, blobs, found[number], after); }));
  EventBatch events;
  for (auto& whole : parts) {
    auto part = after_of(std::move(whole), after);
    if (part.lines.empty()) continue;
    if (events.lines.empty()) events.first = part.first;
    std::move(part.lines.begin(), part.lines.end(), std::back_inserter(events.lines));
  }
  return events;
}

Result<std::optional<EventBatch>> read_last_event(const Context& context, Blobs& blobs, const Layout& layout,
                                                  const std::string& generation) {
  // A run that died before its first event leaves an empty blob.
  std::optional<ListedBlob> newest;
  TRY(blobs.each(context, layout.events(generation), [&](const ListedBlob& blob) -> Result<Blobs::Go> {
    if (blob.size > 0) newest = blob;
    return newest ? Blobs::Go::no_further : Blobs::Go::on;
  }));
  if (!newest) return std::optional<EventBatch>();
  auto events = TRY(read_part(context, blobs, *newest, k_only_the_end));
  if (events.lines.empty()) return damaged(newest->name, "it has no event in it");
  return std::optional(EventBatch{events.first + events.lines.size() - 1, {std::move(events.lines.back())}});
}

Result<std::optional<LogEnd>> read_end(const Context& context, Blobs& blobs, const ListedBlob& blob) {
  const auto from = part_of(blob.size, k_closing_part);
  const auto bytes = TRY(blobs.store().get_from(context, blob.name, from));
  if (!bytes) return std::optional<LogEnd>();
  std::string_view text = *bytes;
  LogEnd end{from + text.size()};
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto last = text.rfind('\n');
  const bool is_whole = last != std::string_view::npos || from == 0;
  end.is_closed = is_whole && text.substr(last == std::string_view::npos ? 0 : last + 1).starts_with('-');
  return std::optional(end);
}

}  // namespace trunkform::state::azblob
