#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "planner/language/functions/function.hpp"
#include "planner/language/value/conversion.hpp"
#include "planner/language/value/unicode.hpp"

namespace trunkform::language {
namespace collection_family {

bool is_keyed(const Value& v) { return v.kind() == TypeKind::map || v.kind() == TypeKind::object; }
bool is_sequence(const Value& v) {
  return v.kind() == TypeKind::list || v.kind() == TypeKind::set || v.kind() == TypeKind::tuple;
}

Result<Value> length(const Arguments& a) {
  const auto& v = a[0];
  const bool structural = v.kind() == TypeKind::object || v.kind() == TypeKind::tuple;
  if (v.is_unknown() && !structural) return Value::unknown(Type::number()).sensitive_if(v.is_sensitive());
  if (v.kind() == TypeKind::string)
    return Value::integer(static_cast<std::int64_t>(count_graphemes(v.as_string()))).sensitive_if(v.is_sensitive());
  if (!is_keyed(v) && !is_sequence(v)) return failed("the argument must be a string, a collection or a structure");
  return Value::integer(static_cast<std::int64_t>(v.size())).sensitive_if(v.is_sensitive());
}

Result<Value> keys(const Arguments& a) {
  if (!is_keyed(a[0])) return failed("the argument must be a map or an object");
  std::vector<Value> out;
  for (const auto& entry : a[0].entries()) out.push_back(Value::string(entry.key));
  const bool map = a[0].kind() == TypeKind::map;
  return (map ? Value::list(Type::string(), std::move(out)) : Value::tuple(std::move(out)))
      .sensitive_if(a[0].is_sensitive());
}

Result<Value> values(const Arguments& a) {
  if (!is_keyed(a[0])) return failed("the argument must be a map or an object");
  std::vector<Value> out;
  for (const auto& entry : a[0].entries()) out.push_back(entry.value);
  const bool map = a[0].kind() == TypeKind::map;
  return (map ? Value::list(a[0].type().element(), std::move(out)) : Value::tuple(std::move(out)))
      .sensitive_if(a[0].is_sensitive());
}

Result<Value> lookup(const Arguments& a) {
  if (!is_keyed(a[0])) return failed("the first argument must be a map or an object");
  if (a.size() > 3) return failed("2 or 3 arguments are expected");
  const bool mark = a[0].is_sensitive() || a[1].is_sensitive();
  const bool is_map = a[0].kind() == TypeKind::map;
  std::optional<Value> fallback;
  if (a.size() == 3) {
    fallback = a[2];
    if (is_map) {
      auto converted = convert(a[2], a[0].type().element());
      if (!converted) return failed("the default is of another type than the map's elements");
      fallback = *converted;
    }
  }
  if (!a[0].is_known() || !a[1].is_known()) return Value::unknown(Type::dynamic()).sensitive_if(mark);
  if (const auto* found = a[0].find(a[1].as_string())) return found->sensitive_if(mark);
  if (fallback) return fallback->sensitive_if(mark);
  return failed(mark ? "there is no such key"
                     : fmt::format("there is no key \"{}\", and no default", a[1].as_string()));
}

Result<Value> merge(const Arguments& a) {
  std::map<std::string, Value> merged;
  std::vector<Type> map_types;
  bool mark = false, all_maps = true;
  for (const auto& argument : a.values) {
    mark = mark || argument.is_sensitive();
    if (argument.is_null()) {
      if (argument.kind() == TypeKind::map) map_types.push_back(argument.type());
      continue;
    }
    if (argument.kind() != TypeKind::dynamic && !is_keyed(argument))
      return failed(fmt::format("the arguments must be maps or objects, not {}", argument.type().friendly()));
    if (argument.is_unknown()) return Value::unknown(Type::dynamic()).sensitive_if(mark);
    all_maps = all_maps && argument.kind() == TypeKind::map;
    if (argument.kind() == TypeKind::map) map_types.push_back(argument.type());
    for (const auto& entry : argument.entries()) merged.insert_or_assign(entry.key, entry.value);
  }
  std::vector<Entry> entries;
  entries.reserve(merged.size());
  for (auto& [key, value] : merged) entries.push_back({key, std::move(value)});
  const bool one_type =
      all_maps && !map_types.empty() &&
      std::all_of(map_types.begin(), map_types.end(), [&](const Type& t) { return t == map_types[0]; });
  return (one_type ? Value::map(map_types[0].element(), std::move(entries)) : Value::object(std::move(entries)))
      .sensitive_if(mark);
}

Result<Value> zipmap(const Arguments& a) {
  if (!is_sequence(a[1]) || a[1].kind() == TypeKind::set) return failed("the values must be a list or tuple");
  if (a[0].size() != a[1].size())
    return failed(fmt::format("there are {} keys but {} values", a[0].size(), a[1].size()));
  std::vector<Entry> out;
  for (std::size_t i = 0; i < a[0].size(); ++i) {
    if (a[0].elements()[i].is_null()) return failed("a key is null");
    out.push_back({a[0].elements()[i].as_string(), a[1].elements()[i]});
  }
  if (a[1].kind() == TypeKind::list) return Value::map(a[1].type().element(), std::move(out));
  return Value::object(std::move(out));
}

Result<Value> transpose(const Arguments& a) {
  std::map<std::string, std::vector<Value>> turned;
  for (const auto& entry : a[0].entries()) {
    if (entry.value.is_null()) return failed("a list is null");
    for (const auto& element : entry.value.elements()) {
      if (element.is_null()) return failed("an element is null");
      turned[element.as_string()].push_back(Value::string(entry.key));
    }
  }
  std::vector<Entry> out;
  for (auto& [key, elements] : turned) out.push_back({key, Value::list(Type::string(), std::move(elements))});
  return Value::map(Type::list(Type::string()), std::move(out));
}

Result<Value> all_true(const Arguments& a) {
  for (const auto& value : a[0].elements())
    if (value.is_null() || !value.as_bool()) return Value::boolean(false);
  return Value::boolean(true);
}

Result<Value> any_true(const Arguments& a) {
  for (const auto& value : a[0].elements())
    if (!value.is_null() && value.as_bool()) return Value::boolean(true);
  return Value::boolean(false);
}

Result<Value> coalesce(const Arguments& a) {
  std::vector<Type> types;
  for (const auto& value : a.values) types.push_back(value.type());
  const auto type = unify(types);
  if (!type) return failed("the arguments have no common type");
  for (const auto& value : a.values) {
    auto converted = TRY(convert(value, *type));
    if (converted.is_unknown()) return Value::unknown(*type);
    if (converted.is_null() || (type->is(TypeKind::string) && converted.as_string().empty())) continue;
    return converted;
  }
  return failed("every argument is null or an empty string");
}

constexpr std::array k_rows{
    FunctionRow{"length(value: any) number", "The number of elements, or of characters of a string.", length,
                Marks::own, Unknowns::own},
    FunctionRow{"keys(inputMap: any) any", "The keys, sorted by bytes.", keys, Marks::own},
    FunctionRow{"values(mapping: any) any", "The values, in the order of their keys.", values, Marks::own},
    FunctionRow{"lookup(inputMap: any, key: string, default?...: any) any", "The value of a key, or the default.",
                lookup, Marks::own, Unknowns::own},
    FunctionRow{"merge(maps?...: any) any", "All keys; of equal ones the last counts.", merge, Marks::own,
                Unknowns::own},
    FunctionRow{"zipmap(keys: list(string), values: any) any", "Keys and values of two lists as a map or object.",
                zipmap},
    FunctionRow{"transpose(values: map(list(string))) map(list(string))", "Keys and elements swapped.", transpose},
    FunctionRow{"alltrue(list: list(bool)) bool", "Whether all are true; of an empty list true.", all_true},
    FunctionRow{"anytrue(list: list(bool)) bool", "Whether any is true; of an empty list false.", any_true},
    FunctionRow{"coalesce(vals?...: any) any", "The first that is neither null nor an empty string.", coalesce},
};

}  // namespace collection_family

std::span<const FunctionRow> collection_functions() { return collection_family::k_rows; }

}  // namespace trunkform::language
