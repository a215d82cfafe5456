#pragma once
// What the service has now on trunks that a command is about to let go: for what it tells, never for what it does.
// Where the service cannot be asked within seconds, that is said instead. Not thread-safe.
#include <map>
#include <optional>
#include <span>
#include <string>

#include "cmd/trunkform/run_command.hpp"
#include "schemas/model/state.hpp"
#include "schemas/model/trunk.hpp"

namespace trunkform::cli {

struct LastLook {
  std::map<TrunkId, std::optional<LiveTrunk>> trunks;  ///< none: the service has no such trunk
  std::string not_asked;                               ///< why, in few words; empty: it answered
};

/// `pinned`: of the state; at another organisation the trunks would all seem to be gone.
LastLook last_look(Frame& frame, std::span<const TrunkId> trunks, const std::optional<Organisation>& pinned);

/// `trunk East 1 keeps its certificate 6724fea6c4c1, which ends …`, or what else became of it.
std::string left_behind(const ResourceRecord& record, const LastLook& look, Instant now);

}  // namespace trunkform::cli
