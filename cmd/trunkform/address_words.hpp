#pragma once
// What to say about an address that names nothing, or more than one thing. Pure.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/address.hpp"
#include "schemas/model/error.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/state.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::cli {

/// `what`: "is not in the state". With what was perhaps meant among `known`, which may hold an address twice; the
/// caller adds where addresses are shown.
Error unknown_address(const Address& wanted, const std::vector<Address>& known, const std::string& what);

/// Which addresses there are, for a hint: `known` may hold one twice.
std::string addresses_hint(const std::vector<Address>& known);

Error not_in_state(const Address& wanted, const std::map<Address, ResourceRecord>& records);

Error unknown_issue(const std::string& wanted, const std::vector<std::string>& known, const std::string& what);

/// The record of a `certificate.issued`, in `state`; borrowed. Error: not_found, with what was perhaps meant.
Result<const IssueRecord*> recorded_issue(const std::optional<Snapshot>& state, const std::string& address);

/// For a command that goes trunk by trunk: the instances of `wanted` among `known` as commands to type. None: it has
/// none.
std::vector<std::string> instance_hints(const std::string& command, const Address& wanted,
                                        const std::vector<Address>& known);

}  // namespace trunkform::cli
