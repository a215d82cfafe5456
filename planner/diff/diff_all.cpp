#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "planner/diff/diff.hpp"
#include "planner/diff/forget.hpp"

namespace trunkform::diff {
namespace {

/// By the trunk's id.
using ByTrunk = std::unordered_map<std::string_view, std::vector<const Address*>>;

ByTrunk by_trunk(const std::vector<DiffInput>& bindings) {
  ByTrunk result;
  result.reserve(bindings.size());
  for (const auto& input : bindings)
    if (input.trunk.kind == TrunkLookup::Kind::found)
      result[input.trunk.trunk->id.value].push_back(&input.binding.address);
  return result;
}

void add_rivals(DiffInput& input, const ByTrunk& owners) {
  if (input.trunk.kind != TrunkLookup::Kind::found) return;
  const auto& addresses = owners.at(input.trunk.trunk->id.value);
  if (addresses.size() == 1) return;
  for (const auto* address : addresses)
    if (*address != input.binding.address) input.bound_twice.push_back(*address);
}

/// In the order of their addresses, which is the records' too.
std::vector<const Binding*> by_address(const std::vector<DiffInput>& bindings) {
  const auto before = [](const Binding* left, const Binding* right) { return left->address < right->address; };
  std::vector<const Binding*> result;
  result.reserve(bindings.size());
  for (const auto& input : bindings) result.push_back(&input.binding);
  if (!std::is_sorted(result.begin(), result.end(), before)) std::stable_sort(result.begin(), result.end(), before);
  return result;
}

/// Records that nothing in the configuration has any more, by trunk. Borrows from the input.
std::unordered_map<std::string_view, const Address*> left_records(const DiffAllInput& input,
                                                                  const std::vector<const Binding*>& configured) {
  std::unordered_map<std::string_view, const Address*> result;
  if (input.records == nullptr || input.mode != Mode::apply) return result;
  auto at = configured.begin();
  for (const auto& [address, record] : *input.records) {
    while (at != configured.end() && (*at)->address < address) ++at;
    if (at == configured.end() || (*at)->address != address) result.emplace(record.trunk_id.value, &address);
  }
  return result;
}

using Stopped = std::set<Address>;

PlannedChange forget_record(const DiffAllInput& input, const ResourceRecord& record, const Binding* binding,
                            const ByTrunk& owners, const Stopped& stopped) {
  const auto owner = owners.find(record.trunk_id.value);
  const bool has_owner = input.mode == Mode::apply && owner != owners.end();
  return forget({.record = record,
                 .binding = binding,
                 .trunk = input.trunks.by_id(record.trunk_id),
                 .bound_by = has_owner ? owner->second.front() : nullptr,
                 .bound_by_is_stopped = has_owner && (stopped.contains(*owner->second.front()) ||
                                                      !input.selection.selects(*owner->second.front())),
                 .cause = input.mode == Mode::destroy ? Cause::destroyed : Cause::removed,
                 .organisation = input.organisation,
                 .pinned_organisation = input.pinned_organisation,
                 .now = input.now});
}

std::vector<PlannedChange> diff_bindings(DiffAllInput& input, const ByTrunk& owners,
                                         const std::vector<const Binding*>& configured) {
  const auto left = left_records(input, configured);
  std::vector<DiffInput*> selected;
  selected.reserve(input.bindings.size());
  for (auto& binding : input.bindings)
    if (input.selection.selects(binding.binding.address)) selected.push_back(&binding);
  std::vector<PlannedChange> changes(selected.size());
  const auto diff_one = [&](std::size_t i) {
    auto& binding = *selected[i];
    add_rivals(binding, owners);
    if (binding.prior == nullptr && binding.trunk.kind == TrunkLookup::Kind::found)
      if (const auto name = left.find(binding.trunk.trunk->id.value); name != left.end()) {
        binding.left_by = name->second;
        binding.left_by_is_protected = input.records->at(*name->second).prevent_destroy;
      }
    binding.overrides.replace = binding.overrides.replace || input.selection.replaces_address(binding.binding.address);
    changes[i] = diff(binding);
  };
  input.for_each_index(selected.size(), diff_one);
  return changes;
}

}  // namespace

void find_rivals(std::vector<DiffInput>& bindings) {
  const auto owners = by_trunk(bindings);
  for (auto& input : bindings) add_rivals(input, owners);
}

std::vector<PlannedChange> diff_all(DiffAllInput input) {
  const auto owners = by_trunk(input.bindings);
  const auto configured = by_address(input.bindings);
  auto changes = input.mode == Mode::apply ? diff_bindings(input, owners, configured) : std::vector<PlannedChange>();
  if (input.records != nullptr) {
    Stopped stopped;
    for (const auto& change : changes)
      if (change.gate != Gate::none) stopped.insert(change.address);
    auto at = configured.begin();
    for (const auto& [address, record] : *input.records) {
      while (at != configured.end() && (*at)->address < address) ++at;
      const auto* binding = at != configured.end() && (*at)->address == address ? *at : nullptr;
      const bool stays = input.mode == Mode::apply && binding != nullptr;
      if (!stays && input.selection.selects(address))
        changes.push_back(forget_record(input, record, binding, owners, stopped));
    }
  }
  const auto before = [](const PlannedChange& left, const PlannedChange& right) {
    return left.address < right.address;
  };
  if (!std::is_sorted(changes.begin(), changes.end(), before)) std::sort(changes.begin(), changes.end(), before);
  return changes;
}

}  // namespace trunkform::diff
