#include "state/document/ownership.hpp"

#include "schemas/model/shell_word.hpp"

namespace trunkform::state {

std::optional<Address> owner_of(const StateDocument& document, const TrunkId& trunk) {
  for (const auto& [address, record] : document.resources) {
    if (record.trunk_id == trunk) return address;
  }
  return std::nullopt;
}

std::multimap<TrunkId, Address> owners_by_trunk(const StateDocument& document) {
  std::multimap<TrunkId, Address> owners;
  for (const auto& [address, record] : document.resources) owners.emplace(record.trunk_id, address);
  return owners;
}

Error owned_elsewhere(const ResourceRecord& record, const Address& owner) {
  const auto name = to_string(owner);
  return Error(ErrorCode::conflict, "trunk " + record.trunk_id.value + " is already bound by " + name,
               "within one state a trunk has one owner, and two would undo each other's work")
      .of(to_string(record.address))
      .hint("remove one of the two bindings from the configuration")
      .hint("if the block was renamed: trunkform state mv " + shell_quoted(name) + " " + shell_quoted(record.address));
}

Error owned_by_workspace(const TrunkId& trunk, const std::string& workspace) {
  return Error(ErrorCode::conflict, "owned_elsewhere: trunk " + trunk.value + " belongs to another state",
               "workspace \"" + workspace + "\" binds it, or is about to, and two states would undo each other")
      .hint("see which address has it there: TRUNKFORM_WORKSPACE=" + workspace + " trunkform inventory")
      .hint("forget that one there: TRUNKFORM_WORKSPACE=" + workspace + " trunkform forget ADDR")
      .hint("if a run was interrupted there before it bound anything, the next apply there gives it back");
}

Result<> check_owners(const StateDocument& document) {
  const auto owners = owners_by_trunk(document);
  for (const auto& [address, record] : document.resources) {
    const auto owner = owners.find(record.trunk_id);
    if (owner->second != address)
      return Error(ErrorCode::conflict,
                   "the document binds trunk " + record.trunk_id.value + " twice: by " + to_string(owner->second) +
                       " and by " + to_string(address),
                   "within one state a trunk has one owner, and two would undo each other's work")
          .of(to_string(address))
          .hint("take one of the two records out of the document before you push it");
  }
  return {};
}

Result<> check_record(const ResourceRecord& record) {
  const auto bug = [&](const char* what) {
    return Error(ErrorCode::internal, std::string("a state record has no ") + what,
                 "it would make the state unreadable, so nothing was written")
        .of(to_string(record.address));
  };
  const auto is_empty = [](const ChainPtr& chain) { return !chain || chain->certificates.empty(); };
  if (record.address.name.empty()) return bug("address");
  if (record.trunk_id.value.empty()) return bug("trunk id");
  if (is_empty(record.chain)) return bug("chain");
  for (const auto& entry : record.history) {
    if (is_empty(entry.chain)) return bug("chain in its history");
  }
  return {};
}

}  // namespace trunkform::state
