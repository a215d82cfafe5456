#include <algorithm>
#include <array>
#include <functional>
#include <unordered_map>

#include "planner/language/functions/function.hpp"
#include "planner/language/value/conversion.hpp"
#include "planner/language/value/json.hpp"

namespace trunkform::language {
namespace set_family {

/// All arguments as sets of one type.
Result<std::vector<Value>> same_type(const Arguments& a) {
  std::vector<Type> types;
  for (const auto& v : a.values) types.push_back(v.type());
  const auto type = unify(types);
  if (!type) return failed("the sets have no common type");
  std::vector<Value> out;
  for (const auto& v : a.values) out.push_back(TRY(convert(v, *type)));
  return out;
}

/// The elements of the first or of any set for which `keep(count, is_in_first)` holds, `count` sets having it.
template <class Keep>
Result<Value> select(const Arguments& a, Keep keep) {
  const auto sets = TRY(same_type(a));
  struct Seen {
    Value value;
    std::size_t count = 0;
    bool in_first = false;
  };
  std::unordered_map<std::string, Seen> seen;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (const auto& value : sets[i].elements()) {
      auto& entry = seen[TRY(encode_json(value))];
      entry.value = value;
      ++entry.count;
      entry.in_first = entry.in_first || i == 0;
    }
  }
  std::vector<Value> out;
  for (auto& [key, entry] : seen)
    if (keep(entry.count, entry.in_first)) out.push_back(entry.value);
  return Value::set(sets[0].type().element(), std::move(out));
}

Result<Value> set_union(const Arguments& a) {
  return select(a, [](std::size_t, bool) { return true; });
}
Result<Value> intersection(const Arguments& a) {
  return select(a, [&](std::size_t count, bool) { return count == a.size(); });
}
Result<Value> subtract(const Arguments& a) {
  return select(a, [](std::size_t count, bool in_first) { return in_first && count == 1; });
}

Result<Value> product(const Arguments& a) {
  if (a.size() < 2) return failed("at least two arguments are expected");
  std::vector<Value> lists;
  std::vector<Type> column_types;
  std::size_t total = 1;
  bool ordered = false;
  for (const auto& v : a.values) {
    const bool is_set = v.kind() == TypeKind::set;
    ordered = ordered || !is_set;
    auto list = TRY(convert(v, is_set ? Type::set(Type::dynamic()) : Type::list(Type::dynamic())));
    column_types.push_back(list.type().element());
    if (list.size() != 0 && total > k_most_elements / list.size()) return failed("the result has too many elements");
    total *= list.size();
    lists.push_back(std::move(list));
  }
  std::vector<Value> out;
  out.reserve(total);
  for (std::size_t row = 0; row < total; ++row) {
    std::vector<Value> tuple(lists.size());
    auto rest = row;
    for (std::size_t column = lists.size(); column-- > 0;) {
      tuple[column] = lists[column].elements()[rest % lists[column].size()];
      rest /= lists[column].size();
    }
    out.push_back(Value::tuple(std::move(tuple)));
  }
  const auto type = Type::tuple(std::move(column_types));
  return ordered ? Value::list(type, std::move(out)) : Value::set(type, std::move(out));
}

constexpr std::array k_rows{
    FunctionRow{"setunion(first_set: set, other_sets...: set) set", "What is in any of the sets.", set_union},
    FunctionRow{"setintersection(first_set: set, other_sets...: set) set", "What is in all of the sets.", intersection},
    FunctionRow{"setsubtract(a: set, b: set) set", "What is in the first set but not in the second.", subtract},
    FunctionRow{"setproduct(sets...: any) any", "All combinations of one element of each.", product},
};

}  // namespace set_family

std::span<const FunctionRow> set_functions() { return set_family::k_rows; }

}  // namespace trunkform::language
