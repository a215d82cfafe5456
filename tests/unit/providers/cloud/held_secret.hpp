#pragma once
// A secret of Azure's credentials that is at hand.
#include <string>

#include "providers/cloud/azure/identity.hpp"

namespace trunkform::testing {

inline cloud::azure::ReadSecret reads(std::string text) {
  return [text = std::move(text)] { return Result<SecretBuffer>(SecretBuffer::copy_of(text)); };
}

}  // namespace trunkform::testing
