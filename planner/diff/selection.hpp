#pragma once
// `-target`, `-exclude`, `-replace=ADDR`: which addresses a run is about. Pure.
#include <span>
#include <vector>

#include "schemas/model/address.hpp"
#include "schemas/model/binding.hpp"

namespace trunkform::diff {

/// A module stands for its resources, a resource for its instances.
struct Selection {
  std::vector<Address> targets;   ///< empty: everything
  std::vector<Address> excludes;  ///< wins over targets
  std::vector<Address> replaces;

  bool selects(const Address& address) const;
  bool replaces_address(const Address& address) const;
};

/// Those of the given addresses that match none of `known`: a typing error that must not pass in silence.
std::vector<Address> unmatched(const Selection& selection, std::span<const Address> known);

/// In a blue-green group green comes first: whoever asks for blue asks for its green as well, and whoever leaves green
/// out leaves blue out, as Terraform's -target and -exclude do with what depends on each other.
Selection with_groups(Selection selection, const std::vector<Binding>& bindings);

}  // namespace trunkform::diff
