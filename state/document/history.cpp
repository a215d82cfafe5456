#include "state/document/history.hpp"

#include <algorithm>

namespace trunkform::state {
namespace {

bool is_quarantined(const ResourceRecord& record, const Identity& identity) {
  return record.quarantine && record.quarantine->identity == identity;
}

bool concerns(const Event& event, const Address& address) {
  const auto* about = address_of(event.body);
  return about != nullptr && *about == address;
}

}  // namespace

ResourceRecord succeed(const ResourceRecord* previous, ResourceRecord next) {
  if (previous != nullptr && previous->chain && previous->trunk_id == next.trunk_id) {
    auto history = previous->history;
    const auto& left = *previous;
    const bool replaced = !next.chain || left.chain->identity != next.chain->identity;
    if (replaced && !is_quarantined(next, left.chain->identity)) {
      history.insert(history.begin(), {left.chain, left.locator, left.version, left.bound_at, left.plan});
    }
    next.history = std::move(history);
  }
  // Neighbours, the bound chain being the neighbour of the newest entry.
  const ChainFacts* newer = next.chain.get();
  std::erase_if(next.history, [&](const HistoryEntry& entry) {
    const bool repeated = newer != nullptr && entry.chain && entry.chain->identity == newer->identity;
    if (!repeated) newer = entry.chain.get();
    return repeated;
  });
  if (next.history.size() > k_history_length) next.history.resize(k_history_length);
  if (next.chain && is_quarantined(next, next.chain->identity)) next.quarantine.reset();
  return next;
}

std::vector<Event> events_of(std::span<const Event> events, const Address& address) {
  std::vector<Event> found;
  Address name = address;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (!concerns(*event, name)) continue;
    found.push_back(*event);
    if (const auto* moved = std::get_if<Moved>(&event->body)) name = moved->from;
  }
  std::reverse(found.begin(), found.end());
  return found;
}

const HistoryEntry* way_back(const ResourceRecord& record, Instant now) {
  for (const auto& entry : record.history) {
    if (entry.chain && entry.chain->least_not_after() > now && !is_quarantined(record, entry.chain->identity)) {
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace trunkform::state
