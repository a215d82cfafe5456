#pragma once
// Why a carrier lets nobody start just now: its places are taken by trunks that are being changed, or rest after one.
#include <string>

#include "schemas/model/time.hpp"

namespace trunkform {

struct PaceWait {
  Instant until{};     ///< when it is worth asking again; a place in use may be taken for longer
  std::string who;     ///< for people: `a run of this state`, `a run of workspace "east"`
  bool rests = false;  ///< the trunk is done, and the carrier rests after it; else it may be in hand still
};

}  // namespace trunkform
