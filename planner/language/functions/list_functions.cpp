#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "planner/language/expression/evaluator.hpp"
#include "planner/language/functions/function.hpp"
#include "planner/language/value/conversion.hpp"
#include "planner/language/value/json.hpp"

namespace trunkform::language {
namespace list_family {

bool is_list_like(const Value& v) {
  return v.kind() == TypeKind::list || v.kind() == TypeKind::set || v.kind() == TypeKind::tuple;
}

Result<Value> concat(const Arguments& a) {
  std::vector<Value> out;
  bool same = a.size() > 0;
  for (const auto& v : a.values) {
    if (v.kind() != TypeKind::list && v.kind() != TypeKind::tuple)
      return failed(fmt::format("the arguments must be lists or tuples, not {}", v.type().friendly()));
    same = same && v.kind() == TypeKind::list && v.type() == a[0].type();
    out.insert(out.end(), v.elements().begin(), v.elements().end());
    if (out.size() > k_most_elements) return failed("the result has too many elements");
  }
  return same ? Value::list(a[0].type().element(), std::move(out)) : Value::tuple(std::move(out));
}

/// False where the result grows beyond bounds.
bool flatten_into(const Value& value, std::vector<Value>& out) {
  for (const auto& element : value.elements()) {
    if (element.is_known() && is_list_like(element)) {
      if (!flatten_into(element, out)) return false;
    } else {
      out.push_back(element);
    }
    if (out.size() > k_most_elements) return false;
  }
  return true;
}

Result<Value> flatten(const Arguments& a) {
  if (!is_list_like(a[0])) return failed("the argument must be a list, set or tuple");
  std::vector<Value> out;
  if (!flatten_into(a[0], out)) return failed("the result has too many elements");
  return Value::tuple(std::move(out));
}

Result<Value> distinct(const Arguments& a) {
  // Elements of one type are equal exactly where their JSON is.
  std::unordered_set<std::string> seen;
  std::vector<Value> out;
  for (const auto& element : a[0].elements())
    if (seen.insert(TRY(encode_json(element))).second) out.push_back(element);
  return Value::list(a[0].type().element(), std::move(out));
}

Result<Value> sort(const Arguments& a) {
  auto out = a[0].elements();
  if (std::any_of(out.begin(), out.end(), [](const Value& v) { return v.is_null(); }))
    return failed("an element is null: it has no order");
  std::sort(out.begin(), out.end(), [](const Value& x, const Value& y) { return x.as_string() < y.as_string(); });
  return Value::list(Type::string(), std::move(out));
}

Result<Value> reverse(const Arguments& a) {
  if (!is_list_like(a[0]))
    return failed(fmt::format("a list, set or tuple is expected, not {}", a[0].type().friendly()));
  std::vector<Value> out(a[0].elements().rbegin(), a[0].elements().rend());
  return a[0].kind() == TypeKind::tuple ? Value::tuple(std::move(out))
                                        : Value::list(a[0].type().element(), std::move(out));
}

Result<Value> slice(const Arguments& a) {
  if (a[0].kind() != TypeKind::list && a[0].kind() != TypeKind::tuple) return failed("a list or tuple is expected");
  const auto begin = a[1].as_number().to_integer(), end = a[2].as_number().to_integer();
  if (!begin || !end) return failed("start and end must be whole numbers");
  const auto size = static_cast<std::int64_t>(a[0].size());
  if (*begin < 0 || *end > size || *begin > *end)
    return failed(fmt::format("start and end must be 0 <= start <= end <= {}", size));
  std::vector<Value> out(a[0].elements().begin() + *begin, a[0].elements().begin() + *end);
  return a[0].kind() == TypeKind::list ? Value::list(a[0].type().element(), std::move(out))
                                       : Value::tuple(std::move(out));
}

Result<Value> chunks(const Arguments& a) {
  const auto size = a[1].as_number().to_integer();
  if (!size || *size < 0) return failed("the size must be a whole number, 0 or more");
  const auto type = a[0].type();
  const auto& elements = a[0].elements();
  const auto step = *size == 0 ? std::max<std::size_t>(elements.size(), 1) : static_cast<std::size_t>(*size);
  std::vector<Value> out;
  for (std::size_t at = 0; at < elements.size(); at += std::min(step, elements.size() - at)) {
    const auto end = at + std::min(step, elements.size() - at);
    out.push_back(Value::list(type.element(), {elements.begin() + static_cast<std::ptrdiff_t>(at),
                                               elements.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  return Value::list(type, std::move(out));
}

Result<Value> element(const Arguments& a) {
  if (a[0].kind() != TypeKind::list && a[0].kind() != TypeKind::tuple)
    return failed(fmt::format("a {} has no elements by position", a[0].type().friendly()));
  const auto at = a[1].as_number().to_integer();
  if (!at || *at < 0) return failed("the index must be a whole number, 0 or more");
  if (a[0].size() == 0) return failed("the list is empty");
  return a[0].elements()[static_cast<std::size_t>(*at) % a[0].size()];
}

Result<Value> index(const Arguments& a) {
  if (a[0].kind() != TypeKind::list && a[0].kind() != TypeKind::tuple) return failed("a list or tuple is expected");
  std::int64_t at = 0;
  for (const auto& candidate : a[0].elements()) {
    if (equal(candidate, a[1]).value_or(false)) return Value::integer(at);
    ++at;
  }
  return failed(at == 0 ? "the list is empty" : "the list does not have this element");
}

Result<Value> contains(const Arguments& a) {
  if (!is_list_like(a[0])) return failed("a list, set or tuple is expected");
  for (const auto& candidate : a[0].elements())
    if (equal(candidate, a[1]).value_or(false)) return Value::boolean(true);
  return Value::boolean(false);
}

Result<Value> compact(const Arguments& a) {
  std::vector<Value> out;
  for (const auto& value : a[0].elements())
    if (!value.is_null() && !value.as_string().empty()) out.push_back(value);
  return Value::list(Type::string(), std::move(out));
}

Result<Value> one(const Arguments& a) {
  if (!is_list_like(a[0]) || a[0].size() > 1) return failed("a list, set or tuple of no or one element is expected");
  if (a[0].size() == 1) return a[0].elements().front();
  return Value::null(a[0].type().is_collection() ? a[0].type().element() : Type::dynamic());
}

Result<Value> range(const Arguments& a) {
  if (a.size() < 1 || a.size() > 3) return failed("1 to 3 numbers are expected");
  constexpr std::size_t k_most = 1024;
  const auto start = a.size() > 1 ? a[0].as_number() : Number(0);
  const auto end = a[a.size() > 1 ? 1 : 0].as_number();
  const bool down = start.compare(end) > 0;
  const auto step = a.size() == 3 ? a[2].as_number() : Number(down ? -1 : 1);
  if (step.sign() == 0) return failed("the step must not be zero");
  if (down && step.sign() > 0) return failed("the end must be greater than the start when the step is positive");
  if (start.compare(end) < 0 && step.sign() < 0)
    return failed("the end must be less than the start when the step is negative");
  std::vector<Value> out;
  for (auto at = start; down ? at.compare(end) > 0 : at.compare(end) < 0; at = TRY(at.plus(step))) {
    if (out.size() >= k_most) return failed(fmt::format("more than {} numbers", k_most));
    out.push_back(Value::number(at));
  }
  return Value::list(Type::number(), std::move(out));
}

Result<Value> coalesce_list(const Arguments& a) {
  for (const auto& value : a.values) {
    if (value.is_null()) continue;
    if (value.kind() != TypeKind::list && value.kind() != TypeKind::tuple)
      return failed("the arguments must be lists or tuples");
    if (value.size() > 0) return value;
  }
  return failed("every list is null or empty");
}

Result<Value> match_keys(const Arguments& a) {
  if (a[0].size() != a[1].size()) return failed("there must be as many keys as values");
  const std::vector types{a[1].type(), a[2].type()};
  const auto type = unify(types);
  if (!type) return failed("the keys and what is searched for have no common type");
  const auto keys = TRY(convert(a[1], *type)), wanted = TRY(convert(a[2], *type));
  std::unordered_set<std::string> search;
  for (const auto& key : wanted.elements()) search.insert(TRY(encode_json(key)));
  std::vector<Value> out;
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (search.count(TRY(encode_json(keys.elements()[i])))) out.push_back(a[0].elements()[i]);
  return Value::list(a[0].type().element(), std::move(out));
}

constexpr std::array k_rows{
    FunctionRow{"concat(seqs...: any) any", "All elements of the lists, in their order.", concat},
    FunctionRow{"flatten(list: any) any", "Lists within lists replaced by their elements.", flatten},
    FunctionRow{"distinct(list: list) list", "Without what was there before.", distinct},
    FunctionRow{"sort(list: list(string)) list(string)", "Sorted by bytes.", sort},
    FunctionRow{"reverse(list: any) any", "In reverse order.", reverse},
    FunctionRow{"slice(list: any, start_index: number, end_index: number) any", "From start up to before end.", slice},
    FunctionRow{"chunklist(list: list, size: number) list", "In lists of at most so many elements.", chunks},
    FunctionRow{"element(list: any, index: number) any", "One element; beyond the end it begins anew.", element},
    FunctionRow{"index(list: any, value: any) number", "Where an element is.", index},
    FunctionRow{"contains(list: any, value: any) bool", "Whether an element is there.", contains},
    FunctionRow{"compact(list: list(string)) list(string)", "Without nulls and empty strings.", compact},
    FunctionRow{"one(list: any) any", "The only element, or null of an empty list.", one},
    FunctionRow{"range(params...: number) list(number)", "Numbers from a start up to before an end, at most 1024.",
                range},
    FunctionRow{"coalescelist(vals?...: any) any", "The first list that is not empty.", coalesce_list},
    FunctionRow{"matchkeys(values: list, keys: list, searchset: list) list", "The values whose keys are searched for.",
                match_keys},
};

}  // namespace list_family

std::span<const FunctionRow> list_functions() { return list_family::k_rows; }

}  // namespace trunkform::language
