#include <algorithm>
#include <array>

#include "planner/language/value/conversion.hpp"

namespace trunkform::language {
namespace {

std::optional<Type> unify_elements(std::span<const Type> types, TypeKind kind) {
  std::vector<Type> elements;
  elements.reserve(types.size());
  for (const auto& type : types) elements.push_back(type.element());
  auto one = unify(elements);
  if (!one) return std::nullopt;
  if (kind == TypeKind::list) return Type::list(*one);
  return kind == TypeKind::set ? Type::set(*one) : Type::map(*one);
}

/// Maps and objects together: a map, where everything within can be one type.
std::optional<Type> unify_as_map(std::span<const Type> types) {
  std::vector<Type> elements;
  for (const auto& type : types) {
    if (type.is(TypeKind::map)) {
      elements.push_back(type.element());
    } else {
      for (const auto& attribute : type.attributes()) elements.push_back(attribute.type);
    }
  }
  auto one = unify(elements);
  return one ? std::optional(Type::map(*one)) : std::nullopt;
}

std::optional<Type> unify_objects(std::span<const Type> types) {
  const auto& first = types.front().attributes();
  const bool same_names = std::all_of(types.begin(), types.end(), [&](const Type& type) {
    return std::equal(first.begin(), first.end(), type.attributes().begin(), type.attributes().end(),
                      [](const Attribute& a, const Attribute& b) { return a.name == b.name; });
  });
  if (!same_names) return unify_as_map(types);
  std::vector<Attribute> attributes;
  for (std::size_t i = 0; i < first.size(); ++i) {
    std::vector<Type> column;
    for (const auto& type : types) column.push_back(type.attributes()[i].type);
    auto one = unify(column);
    if (!one) return std::nullopt;
    attributes.push_back({first[i].name, *one, Presence::required});
  }
  return Type::object(std::move(attributes));
}

std::optional<Type> unify_tuples(std::span<const Type> types) {
  const auto length = types.front().elements().size();
  const bool same =
      std::all_of(types.begin(), types.end(), [&](const Type& t) { return t.elements().size() == length; });
  if (!same) {
    std::vector<Type> all;
    for (const auto& type : types) all.insert(all.end(), type.elements().begin(), type.elements().end());
    auto one = unify(all);
    return one ? std::optional(Type::list(*one)) : std::nullopt;
  }
  std::vector<Type> out;
  for (std::size_t i = 0; i < length; ++i) {
    std::vector<Type> column;
    for (const auto& type : types) column.push_back(type.elements()[i]);
    auto one = unify(column);
    if (!one) return std::nullopt;
    out.push_back(*one);
  }
  return Type::tuple(std::move(out));
}

/// The first of the types, strings and ordered collections preferred, that all others convert to.
std::optional<Type> unify_by_preference(std::span<const Type> types) {
  constexpr std::array k_preference{TypeKind::string, TypeKind::list,    TypeKind::set,    TypeKind::map,
                                    TypeKind::number, TypeKind::boolean, TypeKind::object, TypeKind::tuple};
  for (const auto kind : k_preference) {
    for (const auto& wanted : types) {
      if (!wanted.is(kind)) continue;
      if (std::all_of(types.begin(), types.end(), [&](const Type& t) { return converts_safely(t, wanted); }))
        return wanted;
    }
  }
  return std::nullopt;
}

bool object_converts(const Type& from, const Type& to) {
  if (!from.is(TypeKind::object)) return false;
  return std::all_of(to.attributes().begin(), to.attributes().end(), [&](const Attribute& wanted) {
    const auto* given = from.find(wanted.name);
    return given ? converts_safely(given->type, wanted.type) : wanted.presence == Presence::optional;
  });
}

bool all_convert(const std::vector<Type>& from, const Type& to) {
  return std::all_of(from.begin(), from.end(), [&](const Type& t) { return converts_safely(t, to); });
}

}  // namespace

bool converts_safely(const Type& from, const Type& to) {
  if (from.is(TypeKind::dynamic) || to.is(TypeKind::dynamic) || from == to) return true;
  switch (to.kind()) {
    case TypeKind::string:
      return from.is_primitive();
    case TypeKind::list:
    case TypeKind::set:
      if (from.is(TypeKind::tuple)) return all_convert(from.elements(), to.element());
      if (from.is(TypeKind::list) && to.is(TypeKind::set)) return false;  // it may drop duplicates
      return (from.is(TypeKind::list) || from.is(TypeKind::set)) && converts_safely(from.element(), to.element());
    case TypeKind::map:
      if (from.is(TypeKind::map)) return converts_safely(from.element(), to.element());
      return from.is(TypeKind::object) &&
             std::all_of(from.attributes().begin(), from.attributes().end(),
                         [&](const Attribute& a) { return converts_safely(a.type, to.element()); });
    case TypeKind::object:
      return object_converts(from, to);
    case TypeKind::tuple:
      return from.is(TypeKind::tuple) && std::equal(from.elements().begin(), from.elements().end(),
                                                    to.elements().begin(), to.elements().end(), converts_safely);
    default:
      return false;
  }
}

std::optional<Type> unify(std::span<const Type> all) {
  // A null of no type fits everywhere: it has no say. Types that repeat have one say: ten thousand objects of one shape
  // are compared, not unified attribute by attribute.
  std::vector<Type> types;
  for (const auto& type : all)
    if (!type.is(TypeKind::dynamic) && (types.empty() || !(types.back() == type))) types.push_back(type);
  if (types.empty()) return Type::dynamic();
  if (types.size() == 1 || std::all_of(types.begin(), types.end(), [&](const Type& t) { return t == types.front(); }))
    return types.front();
  const auto all_are = [&](auto... kinds) {
    return std::all_of(types.begin(), types.end(), [&](const Type& t) { return (t.is(kinds) || ...); });
  };
  if (all_are(TypeKind::list)) return unify_elements(types, TypeKind::list);
  if (all_are(TypeKind::set)) return unify_elements(types, TypeKind::set);
  if (all_are(TypeKind::map)) return unify_elements(types, TypeKind::map);
  if (all_are(TypeKind::object)) return unify_objects(types);
  if (all_are(TypeKind::map, TypeKind::object))
    if (auto map = unify_as_map(types)) return map;
  if (all_are(TypeKind::tuple)) return unify_tuples(types);
  return unify_by_preference(types);
}

}  // namespace trunkform::language
