#include "cmd/engine/peer_warnings.hpp"

#include <map>

#include <fmt/format.h>

namespace trunkform::engine {
namespace {

/// Empty: the calls can go there, or something else is told of it at its own address.
std::string unfit(const PlannedChange& peer, Instant now) {
  const bool has_error = peer.gate != Gate::none || peer.error.has_value();
  if (has_error && peer.binding->colour == Colour::green) return "comes first and has an error";
  if (!peer.trunk_id) return {};
  if (!is_healthy_status(peer.trunk_status, peer.binding->verify->healthy))
    return fmt::format("is not healthy: its status is \"{}\"", peer.trunk_status);
  // A green that is about to get another certificate has it by the time of its blue.
  const bool is_mended_first = peer.writes() && peer.binding->colour == Colour::green;
  if (!is_mended_first && peer.before != nullptr && peer.before->least_not_after() < now)
    return "has an expired certificate";
  return {};
}

}  // namespace

void warn_of_unfit_peers(Plan& plan, Instant now) {
  std::map<std::pair<std::string, Colour>, const PlannedChange*> members;
  for (const auto& change : plan.changes)
    if (change.binding && change.binding->colour != Colour::none)
      members.emplace(std::pair(change.binding->group, change.binding->colour), &change);
  for (auto& change : plan.changes) {
    if (!change.writes() || !change.binding || change.binding->colour == Colour::none) continue;
    const auto other = change.binding->colour == Colour::green ? Colour::blue : Colour::green;
    const auto peer = members.find({change.binding->group, other});
    if (peer == members.end()) continue;
    if (const auto why = unfit(*peer->second, now); !why.empty())
      change.notes.push_back(
          fmt::format("warning: {}, the other trunk of its group, {}; an apply leaves this one alone "
                      "until that is mended",
                      to_string(peer->second->address), why));
  }
}

}  // namespace trunkform::engine
