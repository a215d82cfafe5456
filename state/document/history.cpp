#include "state/document/history.hpp"

#include <algorithm>
#include <ranges>
#include <set>

namespace trunkform::state {
namespace {

bool is_quarantined(const ResourceRecord& record, const Identity& identity) {
  return record.quarantine && record.quarantine->identity == identity;
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

std::vector<Event> events_of(std::span<const Event> events, const Address& wanted) {
  std::vector<Event> found;
  // Backwards: before a move, the new name was another's or nobody's.
  std::set<Address> names, given_up;
  const auto is_ours = [&](const Address& about) {
    return names.contains(about) || (is_within(about, wanted) && !given_up.contains(about));
  };
  for (const auto& event : std::views::reverse(events)) {
    const auto* about = address_of(event.body);
    if (about == nullptr || !is_ours(*about)) continue;
    found.push_back(event);
    const auto* moved = std::get_if<Moved>(&event.body);
    if (moved == nullptr) continue;
    names.erase(moved->to);
    given_up.insert(moved->to);
    names.insert(moved->from);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

std::vector<Event> events_of(std::span<const Event> events, const std::string& issue) {
  std::vector<Event> found;
  auto name = issue;
  for (const auto& event : std::views::reverse(events)) {
    const auto* about = issue_of(event.body);
    if (about == nullptr || *about != name) continue;
    found.push_back(event);
    if (const auto* moved = std::get_if<IssueMoved>(&event.body)) name = moved->from;
  }
  std::reverse(found.begin(), found.end());
  return found;
}

const HistoryEntry* way_back(const ResourceRecord& record, Instant now) {
  const auto leads_back = [&](const HistoryEntry& entry) {
    // An older entry may be of the very chain that is bound.
    const bool is_bound = record.chain && entry.chain && entry.chain->identity == record.chain->identity;
    return entry.chain && !is_bound && entry.chain->least_not_after() > now &&
           !is_quarantined(record, entry.chain->identity);
  };
  const auto found = std::find_if(record.history.begin(), record.history.end(), leads_back);
  return found == record.history.end() ? nullptr : &*found;
}

}  // namespace trunkform::state
