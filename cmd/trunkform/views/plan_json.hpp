#pragma once
// The plan for programs, in the shape of Terraform's plan JSON, so that conftest and OPA policies work on it.
// schemas/published/plan.schema.json. Pure.
#include <string>

#include "schemas/model/plan.hpp"

namespace trunkform::views {

std::string plan_json(const Plan& plan, Instant now);

}  // namespace trunkform::views
