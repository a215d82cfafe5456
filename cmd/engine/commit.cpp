#include "cmd/engine/commit.hpp"

#include "planner/diff/organisation.hpp"

namespace trunkform::engine {
namespace {

/// Of the organisation that the state is of.
std::vector<TrunkKey> keys_of(const StateDocument& document, const std::optional<Organisation>& organisation) {
  std::vector<TrunkKey> keys;
  if (!organisation) return keys;
  keys.reserve(document.resources.size());
  for (const auto& [address, record] : document.resources) keys.push_back({organisation->id, record.trunk_id});
  return keys;
}

}  // namespace

void give_back_unrecorded(Ownership* ownership, const Fence& fence, const std::optional<Snapshot>& state) {
  if (ownership == nullptr) return;
  if (state && !state->document.open_intents.empty()) return;
  // What could not be given back now is by the next run.
  (void)ownership->keep_only(Context{}, fence,
                             state ? keys_of(state->document, state->document.organisation) : std::vector<TrunkKey>());
}

Result<StateToken> commit_events(const CommitPorts& ports, const Fence& fence, const std::optional<Snapshot>& before,
                                 const std::string& lineage, RunLog& log,
                                 const std::optional<Organisation>& organisation,
                                 std::optional<std::map<std::string, OutputRecord>> outputs) {
  if (!log.is_folding()) log.fold_onto(before ? before->document : StateDocument{});
  auto document = log.take_document();
  const auto* pinned = before && before->document.organisation ? &*before->document.organisation : nullptr;
  std::optional<std::vector<TrunkKey>> kept;
  // Pinned once: a run with the credentials of another organisation does not change whose state it is.
  const bool pins = organisation && (pinned == nullptr || diff::is_organisation_of(*pinned, *organisation));
  if (ports.ownership != nullptr && document.open_intents.empty())
    kept = keys_of(document, pins || pinned == nullptr ? organisation : std::optional(*pinned));
  auto resources = std::move(document.resources);
  StateDelta delta;
  for (const auto& address : log.touched()) {
    const auto found = resources.find(address);
    if (found != resources.end())
      delta.upserts.push_back(std::move(found->second));
    else if (before && before->document.resources.contains(address))
      delta.removals.push_back(address);
  }
  if (pins) delta.organisation = organisation;
  const auto had_issues = before && !before->document.issues.empty();
  if (had_issues || !document.issues.empty()) delta.issues = std::move(document.issues);
  const auto had_revoked = before && !before->document.revoked.empty();
  if (had_revoked || !document.revoked.empty()) delta.revoked = std::move(document.revoked);
  const auto had_replacements = before && !before->document.replacements.empty();
  if (had_replacements || !document.replacements.empty()) delta.replacements = std::move(document.replacements);
  resources.clear();
  delta.outputs = std::move(outputs);
  delta.folded_through = log.last();
  // The end of a run is written even when it was asked to stop.
  auto token = TRY(ports.store.commit(Context{}, fence, before ? before->token : StateToken{lineage, 0}, delta));
  // What could not be given back now is by the next run.
  if (kept) (void)ports.ownership->keep_only(Context{}, fence, *kept);
  return token;
}

}  // namespace trunkform::engine
