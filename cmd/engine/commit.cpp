#include "cmd/engine/commit.hpp"

#include <set>

#include "state/document/fold.hpp"

namespace trunkform::engine {

Result<StateToken> commit_events(StateStore& store, const Fence& fence, const std::optional<Snapshot>& before,
                                 const std::string& lineage, const RunLog& log,
                                 const std::optional<Organisation>& organisation,
                                 std::optional<std::map<std::string, OutputRecord>> outputs) {
  // The end of a run is written even when it was asked to stop
  const auto events = log.written();
  const auto document = state::fold(before ? before->document : StateDocument{}, events);
  std::set<Address> touched;
  for (const auto& event : events) {
    if (const auto* address = address_of(event.body)) touched.insert(*address);
    if (const auto* moved = std::get_if<Moved>(&event.body)) touched.insert(moved->from);
  }
  StateDelta delta;
  for (const auto& address : touched) {
    const auto found = document.resources.find(address);
    if (found != document.resources.end())
      delta.upserts.push_back(found->second);
    else if (before && before->document.resources.contains(address))
      delta.removals.push_back(address);
  }
  // Pinned once: a run with the credentials of another organisation does not change whose state it is.
  const auto* pinned = before && before->document.organisation ? &*before->document.organisation : nullptr;
  if (organisation && (pinned == nullptr || pinned->id == organisation->id)) delta.organisation = organisation;
  delta.outputs = std::move(outputs);
  delta.folded_through = log.last();
  return store.commit(Context{}, fence, before ? before->token : StateToken{lineage, 0}, delta);
}

}  // namespace trunkform::engine
