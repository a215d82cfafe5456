#pragma once
// Within one state a trunk is bound by one address. Pure; thread-safe.
#include <map>
#include <optional>

#include "schemas/model/result.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::state {

/// The address that binds `trunk` in `document`, if any does.
std::optional<Address> owner_of(const StateDocument& document, const TrunkId& trunk);

/// All bindings by trunk; more than one entry of a trunk is a mistake of an earlier write.
std::multimap<TrunkId, Address> owners_by_trunk(const StateDocument& document);

/// `conflict`: `record`'s trunk belongs to `owner`.
Error owned_elsewhere(const ResourceRecord& record, const Address& owner);

/// `conflict`: the trunk belongs to another workspace, by its name.
Error owned_by_workspace(const TrunkId& trunk, const std::string& workspace);

/// That no trunk is bound twice in `document`. Error: conflict.
Result<> check_owners(const StateDocument& document);

/// What every record that is written has: an address, a trunk id, a chain of at least one certificate. Error: internal.
Result<> check_record(const ResourceRecord& record);

}  // namespace trunkform::state
