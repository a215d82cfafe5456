#pragma once
// Each event holds the SHA-256 of the line before it, so that a changed, lost or reordered event shows. Thread-safe.
#include <span>

#include "schemas/model/event.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::state {

/// Gives `events` the numbers from `next` on and the hashes from `head` on; returns their lines, each with its newline.
/// `head` becomes the hash of the last line.
std::string chain_events(std::span<Event> events, Sequence next, Fingerprint& head);

/// Checks numbers and hashes of consecutive events; the first one's `previous` is taken as given. Error: corrupt,
/// naming the sequence number.
Result<> verify_chain(std::span<const Event> events);

}  // namespace trunkform::state
