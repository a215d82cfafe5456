#pragma once
// Variables: what is declared, what was given, what comes of both. Private to the room.
#include <map>
#include <string>
#include <vector>

#include "planner/language/configuration/body.hpp"
#include "planner/language/configuration/configuration.hpp"

namespace trunkform::language {

enum class Missing { is_error, is_unknown };

struct Variable {
  Body body;
  Block block;
  Value value;  ///< unknown after a mistake, or where it is missing and may be
  bool sensitive = false;
  std::string where;  ///< where the value came from; empty: the default
};

/// By name. Reports bad declarations, bad and missing values, values for what is not declared.
std::map<std::string, Variable> read_variables(const std::vector<std::pair<Block, Body>>& declarations,
                                               const VariableInputs& inputs, Missing missing, Problems& problems);

/// The `validation` blocks, once everything that they may refer to has its value.
void check_validations(const std::map<std::string, Variable>& variables, const Scope& scope, Problems& problems);

}  // namespace trunkform::language
