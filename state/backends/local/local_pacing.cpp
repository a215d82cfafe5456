#include "state/backends/local/local_pacing.hpp"

#include "state/backends/local/momentary_lock.hpp"
#include "state/backends/local/paths.hpp"
#include "state/document/pacing.hpp"

namespace trunkform::state {
namespace {

constexpr std::size_t k_most_book_bytes = 16U << 20;

/// A damaged book holds nobody up: what it knew ends by itself, and a carrier must not wait for ever. Error: io.
Result<PacingBook> read_book(FileSystem& files, const Path& path, Instant now) {
  const auto bytes = files.read(path, k_most_book_bytes);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return PacingBook{};
  if (!bytes) return bytes.error();
  auto book = decode_pacing(*bytes);
  return book ? current(std::move(*book), now) : PacingBook{};
}

}  // namespace

LocalPacing::LocalPacing(FileSystem& files, Clock& clock, Random& random, const Path& folder, std::string workspace)
    : m_files(files),
      m_clock(clock),
      m_random(random),
      m_workspace(std::move(workspace)),
      m_file(pacing_path(folder)),
      m_lock(pacing_lock_path(folder)) {}

Result<std::optional<PaceWait>> LocalPacing::busy_until(const Context&, const CarrierKey& carrier, std::size_t places) {
  const auto now = m_clock.now();
  const auto book = TRY(read_book(m_files, m_file, now));
  const auto* place = first_to_end(book, carrier, places);
  return place == nullptr ? std::nullopt : std::optional(wait_for(*place, m_workspace, now));
}

Result<Place> LocalPacing::take(const Context& context, const CarrierKey& carrier, std::size_t places, Duration hold,
                                Duration rest) {
  const auto held = TRY(lock_for_a_moment(m_files, m_clock, context, m_lock));
  const auto now = m_clock.now();
  auto book = TRY(read_book(m_files, m_file, now));
  if (const auto* taken = first_to_end(book, carrier, places)) {
    auto wait = wait_for(*taken, m_workspace, now);
    return Place{carrier, {}, wait.until, taken->owner, taken->rest, std::move(wait.who)};
  }
  Place place{carrier, m_random.uuid(), now + hold, m_workspace, rest};
  TRY(m_files.replace(m_file, encode_pacing(with(std::move(book), place))));
  return place;
}

Result<> LocalPacing::keep(const Context& context, Place& place, Duration hold) {
  const auto held = TRY(lock_for_a_moment(m_files, m_clock, context, m_lock));
  const auto now = m_clock.now();
  place.until = now + hold;
  return m_files.replace(m_file, encode_pacing(current(with(TRY(read_book(m_files, m_file, now)), place), now)));
}

Result<> LocalPacing::leave(const Context& context, const Place& place, Duration rest) {
  auto left = place;
  return keep(context, left, rest);
}

Result<> LocalPacing::leave_what_died(const Context& context) {
  if (!TRY(m_files.exists(m_file))) return {};
  const auto held = TRY(lock_for_a_moment(m_files, m_clock, context, m_lock));
  const auto now = m_clock.now();
  const auto book = TRY(read_book(m_files, m_file, now));
  return m_files.replace(m_file, encode_pacing(without_dead(book, m_workspace, now)));
}

}  // namespace trunkform::state
