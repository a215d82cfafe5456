#include <algorithm>

#include "planner/diff/diff.hpp"
#include "planner/diff/forget.hpp"

namespace trunkform::diff {
namespace {

using ByTrunk = std::map<TrunkId, std::vector<const Address*>>;

ByTrunk by_trunk(const std::vector<DiffInput>& bindings) {
  ByTrunk result;
  for (const auto& input : bindings)
    if (input.trunk.kind == TrunkLookup::Kind::found) result[input.trunk.trunk->id].push_back(&input.binding.address);
  return result;
}

std::map<Address, const Binding*> by_address(const std::vector<DiffInput>& bindings) {
  std::map<Address, const Binding*> result;
  for (const auto& input : bindings) result.emplace(input.binding.address, &input.binding);
  return result;
}

PlannedChange forget_record(const DiffAllInput& input, const ResourceRecord& record, const Binding* binding,
                            const ByTrunk& owners) {
  const auto owner = owners.find(record.trunk_id);
  const bool has_owner = input.mode == Mode::apply && owner != owners.end();
  return forget({.record = record,
                 .binding = binding,
                 .trunk = input.trunks.by_id(record.trunk_id),
                 .bound_by = has_owner ? owner->second.front() : nullptr,
                 .cause = input.mode == Mode::destroy ? Cause::destroyed : Cause::removed,
                 .organisation = input.organisation,
                 .pinned_organisation = input.pinned_organisation,
                 .now = input.now});
}

}  // namespace

void find_rivals(std::vector<DiffInput>& bindings) {
  const auto owners = by_trunk(bindings);
  for (auto& input : bindings) {
    if (input.trunk.kind != TrunkLookup::Kind::found) continue;
    for (const auto* address : owners.at(input.trunk.trunk->id))
      if (*address != input.binding.address) input.bound_twice.push_back(*address);
  }
}

std::vector<PlannedChange> diff_all(DiffAllInput input) {
  const auto owners = by_trunk(input.bindings);
  const auto configured = by_address(input.bindings);
  std::vector<PlannedChange> changes;
  if (input.mode == Mode::apply) {
    find_rivals(input.bindings);
    for (auto& binding : input.bindings) {
      const auto& address = binding.binding.address;
      if (!input.selection.selects(address)) continue;
      binding.overrides.replace = binding.overrides.replace || input.selection.replaces_address(address);
      changes.push_back(diff(binding));
    }
  }
  if (input.records != nullptr) {
    for (const auto& [address, record] : *input.records) {
      const auto found = configured.find(address);
      const auto* binding = found == configured.end() ? nullptr : found->second;
      const bool stays = input.mode == Mode::apply && binding != nullptr;
      if (!stays && input.selection.selects(address)) changes.push_back(forget_record(input, record, binding, owners));
    }
  }
  std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.address < b.address; });
  return changes;
}

}  // namespace trunkform::diff
