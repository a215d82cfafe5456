#include "state/document/pacing.hpp"

#include <algorithm>

namespace trunkform::state {

PacingBook current(PacingBook book, Instant now) {
  std::erase_if(book.places, [&](const Place& place) { return place.until <= now; });
  for (auto& place : book.places) place.until = std::min(place.until, now + k_longest_hold);
  return book;
}

const Place* first_to_end(const PacingBook& book, const CarrierKey& carrier, std::size_t places) {
  std::vector<const Place*> taken;
  for (const auto& place : book.places)
    if (place.carrier == carrier) taken.push_back(&place);
  if (taken.size() < places) return nullptr;
  std::sort(taken.begin(), taken.end(), [](const auto* a, const auto* b) { return a->until < b->until; });
  // With more taken than there are places, all but the last `places` ends must have passed.
  return taken[taken.size() - places];
}

PaceWait wait_for(const Place& place, const std::string& own, Instant now) {
  PaceWait wait;
  wait.until = place.rest > Duration::zero() ? std::min(place.until, now + place.rest) : place.until;
  wait.rests = place.rest > Duration::zero() && place.until <= now + place.rest;
  wait.who = place.owner.empty()  ? "another run"
             : place.owner == own ? "a run of this state"
                                  : "a run of workspace \"" + place.owner + "\"";
  return wait;
}

PacingBook without_dead(PacingBook book, const std::string& owner, Instant now) {
  for (auto& place : book.places)
    if (place.owner == owner) place.until = std::min(place.until, now + place.rest);
  return book;
}

PacingBook with(PacingBook book, const Place& place) {
  const auto found = std::find_if(book.places.begin(), book.places.end(),
                                  [&](const Place& one) { return one.ticket == place.ticket; });
  if (found == book.places.end())
    book.places.push_back(place);
  else
    found->until = place.until;
  return book;
}

}  // namespace trunkform::state
