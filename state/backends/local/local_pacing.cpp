#include "state/backends/local/local_pacing.hpp"

#include "state/backends/local/momentary_lock.hpp"
#include "state/backends/local/paths.hpp"
#include "state/document/pacing.hpp"

namespace trunkform::state {
namespace {

constexpr std::size_t k_most_book_bytes = 16U << 20;

}  // namespace

LocalPacing::LocalPacing(FileSystem& files, Clock& clock, Random& random, const Path& folder, std::string workspace,
                         std::shared_ptr<Seal> seal)
    : m_files(files),
      m_clock(clock),
      m_random(random),
      m_workspace(std::move(workspace)),
      m_file(pacing_path(folder)),
      m_lock(pacing_lock_path(folder)),
      m_seal(std::move(seal)) {}

/// A damaged book holds nobody up: what it knew ends by itself, and a carrier must not wait for ever. Errors: io; the
/// seal's, but for corrupt.
Result<PacingBook> LocalPacing::read_book(Instant now) const {
  const auto bytes = m_files.read(m_file, k_most_book_bytes);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return PacingBook{};
  if (!bytes) return bytes.error();
  const auto text = m_seal->open_text(k_pacing_text, *bytes);
  if (!text && is_refused(text.error())) return text.error();
  auto book = text ? decode_pacing(*text) : Result<PacingBook>(text.error());
  return book ? current(std::move(*book), now) : PacingBook{};
}

Result<> LocalPacing::write_book(const PacingBook& book) const {
  return m_files.replace(m_file, TRY(m_seal->seal_text(k_pacing_text, encode_pacing(book))));
}

Result<std::optional<PaceWait>> LocalPacing::busy_until(const Context&, const CarrierKey& carrier, std::size_t places) {
  const auto now = m_clock.now();
  const auto book = TRY(read_book(now));
  const auto* place = first_to_end(book, carrier, places);
  return place == nullptr ? std::nullopt : std::optional(wait_for(*place, m_workspace, now));
}

Result<Place> LocalPacing::take(const Context& context, const CarrierKey& carrier, std::size_t places, Duration hold,
                                Duration rest) {
  const auto held = TRY(lock_for_a_moment(m_files, m_clock, context, m_lock));
  const auto now = m_clock.now();
  auto book = TRY(read_book(now));
  if (const auto* taken = first_to_end(book, carrier, places)) {
    auto wait = wait_for(*taken, m_workspace, now);
    return Place{carrier, {}, wait.until, taken->owner, taken->rest, std::move(wait.who)};
  }
  Place place{carrier, m_random.uuid(), now + hold, m_workspace, rest};
  TRY(write_book(with(std::move(book), place)));
  return place;
}

Result<> LocalPacing::keep(const Context& context, Place& place, Duration hold) {
  const auto held = TRY(lock_for_a_moment(m_files, m_clock, context, m_lock));
  const auto now = m_clock.now();
  place.until = now + hold;
  return write_book(current(with(TRY(read_book(now)), place), now));
}

Result<> LocalPacing::leave(const Context& context, const Place& place, Duration rest) {
  auto left = place;
  return keep(context, left, rest);
}

Result<> LocalPacing::leave_what_died(const Context& context) {
  if (!TRY(m_files.exists(m_file))) return {};
  const auto held = TRY(lock_for_a_moment(m_files, m_clock, context, m_lock));
  const auto now = m_clock.now();
  const auto book = TRY(read_book(now));
  return write_book(without_dead(book, m_workspace, now));
}

}  // namespace trunkform::state
