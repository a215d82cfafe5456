#pragma once
// The list of who was told of what. Pure; thread-safe.
#include <string>
#include <vector>

#include "schemas/model/alert.hpp"

namespace trunkform::state {

/// Adds `alert`, or puts it in place of the one of its target and key.
void remember(std::vector<OpenAlert>& alerts, const OpenAlert& alert);
void forget(std::vector<OpenAlert>& alerts, const std::string& target, const std::string& dedup_key);

}  // namespace trunkform::state
