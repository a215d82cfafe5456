#pragma once
// The places of carriers that are taken, for backends that keep them in one document. Pure; thread-safe.
// Byte by byte: docs/formats/pacing.md.
#include <string>
#include <vector>

#include "schemas/codec/pacing_codec.hpp"

namespace trunkform::state {

/// Without what has ended at `now`, and with nothing held longer than `k_longest_hold` from `now`: a clock that was
/// wrong once must not hold a carrier for ever.
PacingBook current(PacingBook book, Instant now);

/// The place whose end leaves one of `places` free; null: one is. `book` is current, and borrowed.
const Place* first_to_end(const PacingBook& book, const CarrierKey& carrier, std::size_t places);

/// What whoever wants that place waits for, where `own` is the state that asks: a run gives its place back when its
/// trunk is done, and then it rests; until that is over nothing can be free, however long the place is taken for at
/// most.
PaceWait wait_for(const Place& place, const std::string& own, Instant now);

/// What `owner` still holds from earlier rests from `now` on.
PacingBook without_dead(PacingBook book, const std::string& owner, Instant now);

/// The place with its time, added where it is not there.
PacingBook with(PacingBook book, const Place& place);

inline constexpr Duration k_longest_hold = std::chrono::hours(24);

}  // namespace trunkform::state
