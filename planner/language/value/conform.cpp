#include <algorithm>

#include "planner/language/value/conversion.hpp"

namespace trunkform::language {
namespace {

Value fill(const Value& value, const TypeConstraint& constraint);

TypeConstraintPtr child_of(const TypeConstraint& constraint, const std::string& name) {
  if (constraint.element) return constraint.element;
  for (const auto& [key, child] : constraint.children)
    if (key == name) return child;
  return nullptr;
}

Value fill_entries(const Value& value, const TypeConstraint& constraint) {
  std::vector<Entry> entries = value.entries();
  for (const auto& [name, fallback] : constraint.defaults) {
    const auto at = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == name; });
    if (at == entries.end()) {
      entries.push_back({name, fallback});
    } else if (at->value.is_null()) {
      at->value = fallback.sensitive_if(at->value.is_sensitive());
    }
  }
  for (auto& entry : entries)
    if (const auto child = child_of(constraint, entry.key)) entry.value = fill(entry.value, *child);
  return Value::object(std::move(entries));
}

Value fill_elements(const Value& value, const TypeConstraint& constraint) {
  std::vector<Value> elements = value.elements();
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (const auto child = child_of(constraint, std::to_string(i))) elements[i] = fill(elements[i], *child);
  return Value::tuple(std::move(elements));
}

Value fill(const Value& value, const TypeConstraint& constraint) {
  if (!value.is_known()) return value;
  const auto kind = value.kind();
  const bool mark = value.is_sensitive();
  if (kind == TypeKind::object || kind == TypeKind::map) return fill_entries(value, constraint).sensitive_if(mark);
  const bool sequence = kind == TypeKind::list || kind == TypeKind::set || kind == TypeKind::tuple;
  return sequence ? fill_elements(value, constraint).sensitive_if(mark) : value;
}

bool has_defaults(const TypeConstraint& constraint) {
  return !constraint.defaults.empty() || constraint.element || !constraint.children.empty();
}

}  // namespace

Result<Value> conform(const Value& value, const TypeConstraint& constraint) {
  return convert(has_defaults(constraint) ? fill(value, constraint) : value, constraint.type);
}

}  // namespace trunkform::language
