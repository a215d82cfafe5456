#include "cmd/engine/commit.hpp"

namespace trunkform::engine {

Result<StateToken> commit_events(StateStore& store, const Fence& fence, const std::optional<Snapshot>& before,
                                 const std::string& lineage, RunLog& log,
                                 const std::optional<Organisation>& organisation,
                                 std::optional<std::map<std::string, OutputRecord>> outputs) {
  if (!log.is_folding()) log.fold_onto(before ? before->document : StateDocument{});
  auto resources = log.take_document().resources;
  StateDelta delta;
  for (const auto& address : log.touched()) {
    const auto found = resources.find(address);
    if (found != resources.end())
      delta.upserts.push_back(std::move(found->second));
    else if (before && before->document.resources.contains(address))
      delta.removals.push_back(address);
  }
  // Pinned once: a run with the credentials of another organisation does not change whose state it is.
  const auto* pinned = before && before->document.organisation ? &*before->document.organisation : nullptr;
  if (organisation && (pinned == nullptr || pinned->id == organisation->id)) delta.organisation = organisation;
  resources.clear();
  delta.outputs = std::move(outputs);
  delta.folded_through = log.last();
  // The end of a run is written even when it was asked to stop.
  return store.commit(Context{}, fence, before ? before->token : StateToken{lineage, 0}, delta);
}

}  // namespace trunkform::engine
