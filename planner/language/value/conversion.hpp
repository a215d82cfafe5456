#pragma once
// Conversions between types, as Terraform makes them: safe ones (number to string, tuple to list) and unsafe ones
// (string to number) that may fail. Marks, nulls and unknowns survive. Pure, thread-safe.
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "planner/language/value/value.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::language {

/// `value` as `type`; `dynamic` within `type` is filled in from the value (`list(any)` unifies the elements). Error:
/// invalid_input, a phrase such as "a number is required" or "attribute \"port\" is required", with the path to the
/// part in front (`element 3: …`, `attribute "tls": …`).
Result<Value> convert(const Value& value, const Type& type);

/// The one type that all of `types` convert to safely, as `?:`, `tolist` and `concat` need it; nullopt where there is
/// none. Of no types: dynamic.
std::optional<Type> unify(std::span<const Type> types);

/// Whether every value of `from` becomes a `to` without losing anything or failing.
bool converts_safely(const Type& from, const Type& to);

/// A type and the defaults of its optional attributes: what a variable's `type` says.
struct TypeConstraint;
using TypeConstraintPtr = std::shared_ptr<const TypeConstraint>;

struct DefaultAttribute;

struct TypeConstraint {
  Type type;
  /// Of an object: defaults by attribute; an explicit null is replaced too.
  std::vector<DefaultAttribute> defaults;
  /// Constraints within, that hold defaults: of the element (list, set, map), by position (tuple) or name (object).
  TypeConstraintPtr element;
  std::vector<std::pair<std::string, TypeConstraintPtr>> children;
};

struct DefaultAttribute {
  std::string name;
  Value value;
};

/// Fills in defaults, then converts: a variable's value as its constraint wants it.
Result<Value> conform(const Value& value, const TypeConstraint& constraint);

}  // namespace trunkform::language
