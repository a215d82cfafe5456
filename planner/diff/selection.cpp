#include "planner/diff/selection.hpp"

#include <algorithm>

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

}  // namespace trunkform::diff
