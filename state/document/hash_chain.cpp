#include "state/document/hash_chain.hpp"

#include "schemas/codec/digest.hpp"
#include "schemas/codec/event_codec.hpp"

namespace trunkform::state {

std::string chain_events(std::span<Event> events, Sequence next, Fingerprint& head) {
  std::string lines;
  for (auto& event : events) {
    event.sequence = next++;
    event.previous = head;
    const auto line = encode_event(event);
    head = sha256(line);
    lines += line + "\n";
  }
  return lines;
}

Result<> verify_chain(std::span<const Event> events) {
  for (std::size_t index = 1; index < events.size(); ++index) {
    const auto& before = events[index - 1];
    const auto& event = events[index];
    const auto number = std::to_string(event.sequence);
    if (event.sequence <= before.sequence) {
      return Error(ErrorCode::corrupt, "the event log is damaged at event " + number,
                   "its number does not follow " + std::to_string(before.sequence));
    }
    if (event.previous != sha256(encode_event(before))) {
      return Error(ErrorCode::corrupt, "the event log is damaged at event " + number,
                   "its hash of event " + std::to_string(before.sequence) + " is another: one of the two was changed");
    }
  }
  return {};
}

}  // namespace trunkform::state
