#pragma once
// Which live trunk a binding means. State pins the trunk's id: a name is resolved once (docs/semantics.md, Adopt).
// Pure.
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "schemas/model/binding.hpp"
#include "schemas/model/state.hpp"
#include "schemas/model/trunk.hpp"

namespace trunkform::diff {

struct TrunkLookup {
  enum class Kind {
    found,
    missing,    ///< no such trunk
    ambiguous,  ///< several have the name, and none is pinned
    replaced,   ///< the pinned id is gone, another trunk has the name
  };
  Kind kind = Kind::missing;
  const LiveTrunk* trunk = nullptr;   ///< found; for `replaced` the one that has the name now
  std::vector<TrunkId> candidates{};  ///< ambiguous
  std::string nearest;                ///< missing: the live name that was perhaps meant
  /// The configuration names another trunk than state pinned: what state holds is about that other trunk.
  bool repointed = false;
};

/// Finds trunks by id and by name in constant time. Borrows the listing, which must outlive it. Immutable; thread-safe.
class TrunkIndex {
 public:
  explicit TrunkIndex(std::span<const LiveTrunk> trunks);

  TrunkLookup look_up(const TrunkSelector& selector, const ResourceRecord* prior) const;
  const LiveTrunk* by_id(const TrunkId& id) const;

 private:
  std::unordered_map<std::string_view, const LiveTrunk*> m_by_id;
  std::unordered_map<std::string_view, std::vector<const LiveTrunk*>> m_by_name;
};

}  // namespace trunkform::diff
