#include <fmt/format.h>

#include "planner/language/expression/evaluator.hpp"
#include "planner/language/value/conversion.hpp"
#include "schemas/model/diagnostic.hpp"

namespace trunkform::language {
namespace {

Error no_part(std::string why, std::string detail = {}) {
  return Error(ErrorCode::invalid_input, std::move(why), std::move(detail));
}

Error no_attribute(const Value& value, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& entry : value.entries()) names.push_back(entry.key);
  auto error = no_part(fmt::format(
      "this {} \"{}\"", value.kind() == TypeKind::map ? "map has no element" : "object has no attribute", name));
  if (value.has_sensitive()) return error;
  if (const auto near = nearest(name, names); !near.empty())
    return std::move(error).hint(fmt::format("did you mean \"{}\"?", near));
  return error;
}

Value unknown_part(const Type& type, const std::string& name) {
  if (type.is(TypeKind::map)) return Value::unknown(type.element());
  if (type.is(TypeKind::object))
    if (const auto* attribute = type.find(name)) return Value::unknown(attribute->type);
  return Value::unknown(Type::dynamic());
}

Result<Value> element_at(const Value& value, const Value& key) {
  const auto number = convert(key, Type::number());
  if (!number) return no_part("this index is no number", "lists and tuples are indexed from 0");
  const auto at = number->as_number().to_integer();
  if (!at) return no_part("an index must be a whole number");
  if (*at < 0) return no_part("an index must not be negative", "to count from the end: xs[length(xs) - 1]");
  if (static_cast<std::size_t>(*at) >= value.size())
    return no_part(value.size() == 0 ? "there is no such element: the collection is empty"
                                     : fmt::format("there is no element {}: the collection has {}", *at, value.size()));
  return value.elements()[static_cast<std::size_t>(*at)];
}

}  // namespace

Result<Value> get_attribute(const Value& value, const std::string& name) {
  const bool mark = value.is_sensitive();
  if (value.is_null()) return no_part(fmt::format("this value is null: it has no attribute \"{}\"", name));
  const bool keyed = value.kind() == TypeKind::object || value.kind() == TypeKind::map;
  if (value.is_unknown() && (keyed || value.kind() == TypeKind::dynamic))
    return unknown_part(value.type(), name).sensitive_if(mark);
  if (!keyed) return no_part(fmt::format("a {} has no attributes, not \"{}\" either", value.type().friendly(), name));
  const auto* found = value.find(name);
  if (!found) return no_attribute(value, name);
  return found->sensitive_if(mark);
}

Result<Value> get_index(const Value& value, const Value& key) {
  const bool mark = value.is_sensitive() || key.is_sensitive();
  if (value.is_null()) return no_part("this value is null: it has no elements");
  if (key.is_null()) return no_part("null is no index");
  const auto kind = value.kind();
  if (kind == TypeKind::set) return no_part("the elements of a set have no index", "tolist() gives them one");
  if (kind != TypeKind::dynamic && value.type().is_primitive())
    return no_part(fmt::format("a {} has no elements", value.type().friendly()));
  const bool keyed = kind == TypeKind::object || kind == TypeKind::map;
  if (value.is_unknown() || key.is_unknown()) {
    const bool uniform = kind == TypeKind::list || kind == TypeKind::map;
    return Value::unknown(uniform ? value.type().element() : Type::dynamic()).sensitive_if(mark);
  }
  if (!keyed) return TRY(element_at(value, key)).sensitive_if(mark);
  const auto name = convert(key, Type::string());
  if (!name) return no_part("this key is no string");
  const auto* found = value.find(name->as_string());
  if (!found && key.has_sensitive()) return no_part("there is no element with this key");
  if (!found) return no_attribute(value, name->as_string());
  return found->sensitive_if(mark);
}

std::optional<bool> equal(const Value& left, const Value& right) {
  if (left.is_unknown() || right.is_unknown()) return std::nullopt;
  if (left.is_null() || right.is_null()) return left.is_null() && right.is_null();
  if (!(left.type() == right.type())) return false;
  if (left.is_wholly_known() && right.is_wholly_known()) return left.revealed_deep() == right.revealed_deep();
  // Something within is unknown: a difference elsewhere still decides.
  bool open = false;
  const auto compare = [&](const Value& a, const Value& b) {
    const auto same = equal(a, b);
    open = open || !same;
    return same.value_or(true);
  };
  if (left.size() != right.size()) return false;
  const bool keyed = left.kind() == TypeKind::object || left.kind() == TypeKind::map;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (keyed && left.entries()[i].key != right.entries()[i].key) return false;
    if (keyed ? !compare(left.entries()[i].value, right.entries()[i].value)
              : !compare(left.elements()[i], right.elements()[i]))
      return false;
  }
  return open ? std::nullopt : std::optional(true);
}

}  // namespace trunkform::language
