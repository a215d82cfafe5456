#include "schemas/model/owner.hpp"

namespace trunkform {

std::string to_string(const TrunkOwner& owner) {
  return to_string(owner.address) + " in workspace \"" + owner.workspace + "\"";
}

std::string forget_command(const TrunkOwner& owner) {
  return "TRUNKFORM_WORKSPACE=" + owner.workspace + " trunkform forget '" + to_string(owner.address) + "'";
}

}  // namespace trunkform
