#pragma once
// What live breaks, by the same rules that judge what is offered.
#include <vector>

#include "schemas/model/finding.hpp"

namespace trunkform::diff {

bool breaks_a_rule(const std::vector<Finding>* live);
/// A blocking finding whose rule does not block `offered`.
bool breaks_a_rule_kept_by(const std::vector<Finding>* live, const std::vector<Finding>* offered);

}  // namespace trunkform::diff
