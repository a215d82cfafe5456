#include "state/document/pacing.hpp"

#include <algorithm>

namespace trunkform::state {

PacingBook current(PacingBook book, Instant now) {
  std::erase_if(book.places, [&](const Place& place) { return place.until <= now; });
  for (auto& place : book.places) place.until = std::min(place.until, now + k_longest_hold);
  return book;
}

std::optional<Instant> busy_until(const PacingBook& book, const CarrierKey& carrier, std::size_t places) {
  std::vector<Instant> ends;
  for (const auto& place : book.places)
    if (place.carrier == carrier) ends.push_back(place.until);
  if (ends.size() < places) return std::nullopt;
  std::sort(ends.begin(), ends.end());
  // With more taken than there are places, all but the last `places` ends must have passed.
  return ends[ends.size() - places];
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
