#pragma once
// Who binds a trunk in another state: for people, and for the command that lets it go there.
#include <string>

#include "schemas/model/address.hpp"

namespace trunkform {

struct TrunkOwner {
  Address address;
  std::string workspace;
};

/// `genesys_trunk_certificate.a in workspace "west"`
std::string to_string(const TrunkOwner& owner);
/// `TRUNKFORM_WORKSPACE=west trunkform forget 'genesys_trunk_certificate.a'`
std::string forget_command(const TrunkOwner& owner);

}  // namespace trunkform
