#pragma once
// `validate -json`: one document, Terraform's shape. schemas/published/validate.schema.json. Pure.
#include <string>
#include <vector>

#include "planner/language/configuration/configuration.hpp"
#include "schemas/model/diagnostic.hpp"

namespace trunkform::views {

std::string validate_json(const Diagnostics& diagnostics, const std::vector<language::SourceFile>& sources);

}  // namespace trunkform::views
