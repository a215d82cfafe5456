#include "cmd/trunkform/state_replacement.hpp"

#include <algorithm>
#include <utility>

#include "cmd/engine/commit.hpp"
#include "cmd/engine/run_log.hpp"
#include "cmd/trunkform/state_change.hpp"

namespace trunkform::cli {

Result<std::uint64_t> replace_state(Frame& frame, state::Backend& backend, const Fence& fence,
                                    const std::optional<Snapshot>& current, StateDocument next, std::string why) {
  if (next.organisation) {
    std::vector<TrunkId> trunks;
    trunks.reserve(next.resources.size());
    for (const auto& [address, record] : next.resources) trunks.push_back(record.trunk_id);
    if (auto claimed = claim_trunks(frame, fence, *next.organisation, trunks); !claimed) {
      engine::give_back_unrecorded(backend.ownership.get(), fence, current);
      return std::move(claimed.error());
    }
  }
  const auto page = TRY(backend.log->read(frame.session.context(), UINT64_MAX));
  engine::RunLog log(*backend.log, frame.world.clock, fence, page.last,
                     {frame.world.random.uuid(), to_string(frame.world.environment.actor()), {}});
  next.serial = std::max(next.serial, current ? current->token.serial : 0) + 1;
  TRY(log.append({StateReplaced{next.serial, std::move(why)}}));
  next.folded_through = log.last();
  next.open_intents.clear();
  const auto token = current ? current->token : StateToken{next.lineage, 0};
  TRY(backend.store->replace(frame.session.context(), fence, token, next));
  engine::give_back_unrecorded(backend.ownership.get(), fence, Snapshot{next, token});
  return next.serial;
}

}  // namespace trunkform::cli
