#pragma once
// Rules over all bindings together: what no single certificate shows. Warnings only. Pure and thread-safe.
#include <string>
#include <vector>

#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/finding.hpp"

namespace trunkform::rules {

struct FleetMember {
  std::string address;  ///< of the binding or the trunk, for the message
  ChainPtr chain;       ///< live, or offered where nothing is live
  Instant effective_expiry{};
};

struct FleetLimits {
  std::size_t trunks_per_certificate = 50;
  std::size_t expiries_per_day = 20;  ///< of different certificates: one shared one is the other rule's
};

/// `shared_certificate` and `expiry_cluster`, ordered by how many they touch.
std::vector<Finding> judge_fleet(const std::vector<FleetMember>& members, const FleetLimits& limits = {});

}  // namespace trunkform::rules
