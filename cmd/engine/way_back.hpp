#pragma once
// What a trunk can go back to. Purely a question: nothing is bound here.
#include <memory>

#include "cmd/engine/key_ring.hpp"

namespace trunkform::engine {

struct WayBack {
  HistoryEntry earlier;
  std::shared_ptr<const KeyPair> pair;  ///< wiped with its last owner
};

/// The newest earlier certificate that is still valid, that its source still has with its key, and that the carrier's
/// rules let pass. Error: not_found where none is recorded, else why the oldest one that was tried will not do.
Result<WayBack> find_way_back(const Context& context, KeyRing& keys, const Binding& binding,
                              const ResourceRecord& record, Instant now);

}  // namespace trunkform::engine
