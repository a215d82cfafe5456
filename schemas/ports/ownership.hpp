#pragma once
// Which of a backend's states binds a trunk. Two states that bind one trunk would undo each other's work, and two runs
// that begin at the same moment do not see each other's records: so a trunk is claimed before the first write about it.
// Thread-safe. docs/semantics.md, State, events, lock.
#include <compare>
#include <span>
#include <string>
#include <vector>

#include "schemas/model/trunk.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/lock.hpp"

namespace trunkform {

struct TrunkKey {
  std::string organisation;  ///< id
  TrunkId trunk;
  friend auto operator<=>(const TrunkKey&, const TrunkKey&) = default;
};

struct Claim {
  TrunkKey key;
  std::string owner;  ///< of the backend: which of its states has it
};

class Ownership {
 public:
  virtual ~Ownership() = default;
  /// Takes, in one durable and atomic step, each of `trunks` that no other state has; what this one has stays its own.
  /// Returns those that another has. Errors: fenced, corrupt, io, lock_held.
  virtual Result<std::vector<Claim>> claim(const Context& context, const Fence& fence,
                                           std::span<const TrunkKey> trunks) = 0;
  /// Gives back whatever this state has beside `trunks`. Errors: as above.
  virtual Result<> keep_only(const Context& context, const Fence& fence, std::span<const TrunkKey> trunks) = 0;
};

}  // namespace trunkform
