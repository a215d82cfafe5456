#include "state/remote/pacing.hpp"

#include <algorithm>

#include "state/document/pacing.hpp"
#include "state/remote/shared_text.hpp"

namespace trunkform::state {
namespace {

/// A damaged book holds nobody up: what it knew ends by itself, and a carrier must not wait for ever.
PacingBook book_in(const std::optional<std::string>& text, Instant now) {
  if (!text) return {};
  auto book = decode_pacing(*text);
  return book ? current(std::move(*book), now) : PacingBook{};
}

}  // namespace

Result<RemotePacing::Times> RemotePacing::times(const Context& context) const {
  auto now = m_state->engine->now(context);
  // Where nobody tells the time, the machines' own clocks must do; `doctor` says so.
  if (!now && now.error().code == ErrorCode::unsupported) return Times{m_state->clock.now(), Duration::zero()};
  if (!now) return std::move(now.error());
  return Times{*now, m_state->clock.now() - *now};
}

Result<std::optional<PaceWait>> RemotePacing::busy_until(const Context& context, const CarrierKey& carrier,
                                                         std::size_t places) {
  const auto text = TRY(read_shared(context, *m_state->engine, Shared::pacing));
  if (!text) return std::optional<PaceWait>();
  const auto [now, to_ours] = TRY(times(context));
  const auto book = book_in(text, now);
  const auto* place = first_to_end(book, carrier, places);
  if (place == nullptr) return std::optional<PaceWait>();
  auto wait = wait_for(*place, m_workspace, now);
  wait.until += to_ours;
  return std::optional(std::move(wait));
}

Result<Place> RemotePacing::take(const Context& context, const CarrierKey& carrier, std::size_t places, Duration hold,
                                 Duration rest) {
  const auto [now, to_ours] = TRY(times(context));
  const Place wanted{carrier, m_state->random.uuid(), now + hold, m_workspace, rest};
  auto answer = wanted;
  TRY(change_shared(context, *m_state->engine, m_state->clock, m_state->random, Shared::pacing,
                    [&](const std::optional<std::string>& text) -> Result<std::optional<std::string>> {
                      auto book = book_in(text, now);
                      const bool is_there = std::any_of(book.places.begin(), book.places.end(),
                                                        [&](const Place& one) { return one.ticket == wanted.ticket; });
                      const auto* taken = is_there ? nullptr : first_to_end(book, carrier, places);
                      if (taken == nullptr) {
                        answer = wanted;
                        return std::optional(encode_pacing(with(std::move(book), wanted)));
                      }
                      auto wait = wait_for(*taken, m_workspace, now);
                      answer = Place{carrier, {}, wait.until, taken->owner, taken->rest, std::move(wait.who)};
                      return std::optional<std::string>();
                    }));
  answer.until += to_ours;
  return answer;
}

Result<> RemotePacing::keep(const Context& context, Place& place, Duration hold) {
  const auto [now, to_ours] = TRY(times(context));
  auto kept = place;
  kept.until = now + hold;
  TRY(change_shared(context, *m_state->engine, m_state->clock, m_state->random, Shared::pacing,
                    [&](const std::optional<std::string>& text) -> Result<std::optional<std::string>> {
                      return std::optional(encode_pacing(current(with(book_in(text, now), kept), now)));
                    }));
  place.until = kept.until + to_ours;
  return {};
}

Result<> RemotePacing::leave(const Context& context, const Place& place, Duration rest) {
  auto left = place;
  return keep(context, left, rest);
}

Result<> RemotePacing::leave_what_died(const Context& context) {
  const auto [now, to_ours] = TRY(times(context));
  return change_shared(context, *m_state->engine, m_state->clock, m_state->random, Shared::pacing,
                       [&](const std::optional<std::string>& text) -> Result<std::optional<std::string>> {
                         if (!text) return std::optional<std::string>();
                         return std::optional(encode_pacing(without_dead(book_in(text, now), m_workspace, now)));
                       });
}

}  // namespace trunkform::state
