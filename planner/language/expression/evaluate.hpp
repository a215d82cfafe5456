#pragma once
// Evaluation. Pure but for what the scope's FunctionHost reads; thread-safe as the scope is. Never crashes on hostile
// input: depth and sizes are bounded, beyond them there is an error.
#include "planner/language/expression/expression.hpp"
#include "planner/language/expression/scope.hpp"

namespace trunkform::language {

/// Error: invalid_input with the place. Static errors (undeclared names) come first, whatever the values.
Result<Value> evaluate(const Expression& expression, const Scope& scope);

/// Evaluates and converts, with the error at the expression.
Result<Value> evaluate_as(const Expression& expression, const Scope& scope, const Type& type);

/// The static part alone: every reference is declared.
Result<> check_references(const Expression& expression, const Scope& scope);

}  // namespace trunkform::language
