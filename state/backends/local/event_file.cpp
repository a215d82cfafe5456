#include "state/backends/local/event_file.hpp"

#include <algorithm>
#include <string_view>

#include "schemas/codec/digest.hpp"
#include "schemas/codec/event_codec.hpp"
#include "schemas/codec/sealed_codec.hpp"
#include "schemas/model/shell_word.hpp"
#include "state/backends/local/paths.hpp"

namespace trunkform::state {
namespace {

constexpr std::uint64_t k_first_window = 256 * 1024;
constexpr std::uint64_t k_window_growth = 8;

/// Removes and returns the first line without its newline; none where what is left has no newline.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

/// Whether a window that begins inside the file holds the event `after` itself, to which the next one is chained.
bool reaches(const FileTail& window, Sequence after) {
  std::string_view rest = window.bytes;
  if (!take_line(rest)) return false;
  const auto line = take_line(rest);
  const auto number = line ? peek_sequence(*line) : std::nullopt;
  return number && *number <= after;
}

class Scan {
 public:
  Scan(FileSystem& files, const Path& path, const FileTail& window, Sequence after, Seal& seal)
      : m_files(files), m_path(path), m_window(window), m_after(after), m_seal(seal) {}

  Result<LogSlice> run() && {
    std::string_view rest = m_window.bytes;
    if (m_window.offset > 0) take_line(rest);
    while (true) {
      const auto before = rest;
      const auto line = take_line(rest);
      if (!line) break;
      auto wrong = accept(*line);
      if (!wrong) continue;
      if (wrong->code != ErrorCode::corrupt) return std::move(*wrong);
      if (!is_torn(before)) return damage(m_blamed.value_or(*line), wrong->detail);
      rest = before;
      break;
    }
    if (auto wrong = check_last()) return std::move(*wrong);
    m_slice.end.size = offset_of(rest);
    m_slice.end.torn = rest.size();
    return std::move(m_slice);
  }

 private:
  std::uint64_t offset_of(std::string_view part) const {
    return m_window.offset + static_cast<std::uint64_t>(part.data() - m_window.bytes.data());
  }

  /// Takes a whole line as the next event; the error where it is none.
  std::optional<Error> accept(std::string_view kept) {
    auto opened = m_seal.open_line(kept);
    if (!opened) return std::move(opened).error();
    const std::string_view line = *opened;
    const auto head = peek_event(line);
    if (!head || head->sequence > m_after) {
      auto event = decode_event(line);
      if (!event) return std::move(event).error();
      if (!head) return Error(ErrorCode::corrupt, "damaged", "it does not begin as an event does");
      m_pending = std::move(*event);
    }
    // Where the window begins, nothing is known of the line before; a log that begins there has none.
    const bool first = !m_previous;
    if (first && m_window.offset == 0 && head->previous != Fingerprint{}) return foreign_start();
    if (!first && head->previous != m_slice.end.head) return broken_link();
    if (!first && head->sequence <= m_slice.end.last)
      return Error(ErrorCode::corrupt, "damaged", "its number does not follow the one before");
    if (m_pending && m_slice.events.empty()) m_slice.gap = head->sequence != m_slice.end.last + 1;
    m_previous = kept;
    m_slice.end.last = head->sequence;
    m_slice.end.head = sha256(line);
    m_last = std::move(*opened);
    if (m_pending) m_slice.events.push_back(std::move(*m_pending));
    m_pending.reset();
    return std::nullopt;
  }

  /// The next event is chained to it, and would vouch for whatever it is: also where the document has it already.
  std::optional<Error> check_last() const {
    if (!m_previous || m_slice.end.last > m_after) return std::nullopt;
    const auto event = decode_event(m_last);
    if (event) return std::nullopt;
    if (event.error().code == ErrorCode::unsupported) return event.error();
    return damage(*m_previous, event.error().detail);
  }

  static Error foreign_start() {
    return Error(ErrorCode::corrupt, "damaged",
                 "it names an event before it, and there is none: the beginning is lost");
  }

  /// Which of the two was changed cannot be told, so neither is kept.
  Error broken_link() {
    m_blamed = m_previous;
    return Error(ErrorCode::corrupt, "damaged",
                 "the line after it has another hash of it: it was changed, or a line between them is lost");
  }

  /// What a crash leaves at the end: never a raw NUL inside an event, and no event after it.
  bool is_torn(std::string_view rest) const {
    if (rest.find('\0') == std::string_view::npos) return false;
    while (const auto line = take_line(rest)) {
      const auto opened = m_seal.open_line(*line);
      if (opened && decode_event(*opened)) return false;
    }
    return true;
  }

  Error damage(std::string_view line, const std::string& why) const {
    const auto offset = offset_of(line);
    std::uint64_t number = 1;
    if (const auto before = m_files.read_tail(m_path, k_only_the_end); before) {
      const auto length = std::min<std::uint64_t>(offset, before->bytes.size());
      number += static_cast<std::uint64_t>(
          std::count(before->bytes.begin(), before->bytes.begin() + static_cast<std::ptrdiff_t>(length), '\n'));
    }
    const auto file = shell_word(m_path.string());
    const auto kept = shell_word(m_path.string() + ".damaged");
    return Error(ErrorCode::corrupt,
                 "the event log " + m_path.string() + " is damaged at line " + std::to_string(number), why)
        .hint("keep the events before it: cp " + file + " " + kept + " && head -n " + std::to_string(number - 1) + " " +
              kept + " > " + file)
        .hint("then run trunkform plan: it compares every trunk with the service");
  }

  FileSystem& m_files;
  const Path& m_path;
  const FileTail& m_window;
  Sequence m_after;
  Seal& m_seal;
  LogSlice m_slice;
  std::string m_last;  ///< `m_previous` in the clear
  std::optional<std::string_view> m_previous;
  std::optional<std::string_view> m_blamed;
  std::optional<Event> m_pending;
};

}  // namespace

Result<LogSlice> read_events(FileSystem& files, const Path& path, Sequence after, Seal& seal) {
  for (std::uint64_t size = k_first_window;; size *= k_window_growth) {
    auto window = files.read_tail(path, after == 0 ? k_only_the_end : size);
    if (!window && window.error().code == ErrorCode::not_found) return LogSlice{};
    if (!window) return std::move(window).error();
    if (window->offset == 0 || reaches(*window, after)) return Scan(files, path, *window, after, seal).run();
  }
}

}  // namespace trunkform::state
