#include "planner/diff/selection.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace trunkform::diff {
namespace {

bool lies_in_one_of(const std::vector<Address>& places, const Address& address) {
  return std::any_of(places.begin(), places.end(), [&](const Address& place) { return is_within(address, place); });
}

}  // namespace

bool Selection::selects(const Address& address) const {
  return (targets.empty() || lies_in_one_of(targets, address)) && !lies_in_one_of(excludes, address);
}

bool Selection::replaces_address(const Address& address) const { return lies_in_one_of(replaces, address); }

std::vector<Address> unmatched(const Selection& selection, std::span<const Address> known) {
  std::vector<Address> result;
  for (const auto* places : {&selection.targets, &selection.excludes, &selection.replaces})
    for (const auto& place : *places)
      if (std::none_of(known.begin(), known.end(), [&](const Address& address) { return is_within(address, place); }))
        result.push_back(place);
  return result;
}

Selection with_groups(Selection selection, const std::vector<Binding>& bindings) {
  if (selection.targets.empty() && selection.excludes.empty()) return selection;
  std::map<std::string_view, const Binding*> greens;
  for (const auto& binding : bindings)
    if (binding.colour == Colour::green) greens.emplace(binding.group, &binding);
  const auto asked = selection;
  for (const auto& blue : bindings) {
    const auto green = greens.find(blue.group);
    if (blue.colour != Colour::blue || green == greens.end()) continue;
    if (lies_in_one_of(asked.excludes, green->second->address))
      selection.excludes.push_back(blue.address);
    else if (!asked.targets.empty() && asked.selects(blue.address) && !asked.selects(green->second->address))
      selection.targets.push_back(green->second->address);
  }
  return selection;
}

}  // namespace trunkform::diff
