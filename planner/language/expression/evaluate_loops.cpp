#include <map>

#include <fmt/format.h>

#include "planner/language/expression/evaluator.hpp"
#include "planner/language/value/conversion.hpp"

namespace trunkform::language {

struct Evaluator::Item {
  Value key;
  Value value;
};

/// A collection taken apart; `mark` and `unknown` gather what the conditions and keys add.
struct Evaluator::Loop {
  std::vector<Item> items;
  bool mark = false;
  bool unknown = false;
};

Result<Evaluator::Loop> Evaluator::loop_over(const ast::Node& node) {
  const auto collection = TRY(eval(node));
  if (collection.is_null()) return error(node, "null cannot be iterated over");
  Loop loop;
  loop.mark = collection.is_sensitive();
  const auto kind = collection.kind();
  if (kind != TypeKind::dynamic && collection.type().is_primitive())
    return error(node, fmt::format("a {} cannot be iterated over", collection.type().friendly()));
  if (collection.is_unknown()) {
    loop.unknown = true;
    return loop;
  }
  loop.items.reserve(collection.size());
  if (kind == TypeKind::map || kind == TypeKind::object) {
    for (const auto& entry : collection.entries()) loop.items.push_back({Value::string(entry.key), entry.value});
  } else {
    std::int64_t index = 0;
    for (const auto& element : collection.elements())
      loop.items.push_back({kind == TypeKind::set ? element : Value::integer(index++), element});
  }
  return loop;
}

Result<bool> Evaluator::passes(const ast::For& form, Loop& loop) {
  if (!form.condition) return true;
  const auto condition = TRY(eval(*form.condition));
  if (condition.is_null()) return error(*form.condition, "the condition of \"if\" must not be null");
  const auto flag = convert(condition, Type::boolean());
  if (!flag) return error(*form.condition, "the condition of \"if\" must be a bool");
  loop.mark = loop.mark || flag->is_sensitive();
  loop.unknown = loop.unknown || flag->is_unknown();
  return flag->is_unknown() || flag->as_bool();
}

Result<Value> Evaluator::visit(const ast::Node& node, const ast::For& form) {
  auto loop = TRY(loop_over(*form.collection));
  const auto outer = m_bound.size();
  auto result = form.key ? for_object(node, form, loop) : for_tuple(node, form, loop);
  m_bound.erase(m_bound.begin() + static_cast<std::ptrdiff_t>(outer), m_bound.end());
  if (!result) return result;
  if (loop.unknown) return Value::unknown(Type::dynamic()).sensitive_if(loop.mark || result->has_sensitive());
  return bounded(node, result->sensitive_if(loop.mark));
}

Result<Value> Evaluator::for_tuple(const ast::Node&, const ast::For& form, Loop& loop) {
  std::vector<Value> out;
  out.reserve(loop.items.size());
  const auto outer = m_bound.size();
  for (const auto& item : loop.items) {
    m_bound.resize(outer);
    bind(form.key_name, item.key);
    bind(form.value_name, item.value);
    if (TRY(passes(form, loop))) out.push_back(TRY(eval(*form.value)));
  }
  return Value::tuple(std::move(out));
}

Result<Value> Evaluator::for_object(const ast::Node&, const ast::For& form, Loop& loop) {
  std::map<std::string, std::vector<Value>> groups;
  const auto outer = m_bound.size();
  for (const auto& item : loop.items) {
    m_bound.resize(outer);
    bind(form.key_name, item.key);
    bind(form.value_name, item.value);
    if (!TRY(passes(form, loop))) continue;
    const auto key = TRY(eval(*form.key));
    if (key.is_null()) return error(*form.key, "a key must not be null");
    const auto name = convert(key, Type::string());
    if (!name) return error(*form.key, "this cannot be a key: string required");
    loop.mark = loop.mark || key.has_sensitive();
    loop.unknown = loop.unknown || name->is_unknown();
    auto value = TRY(eval(*form.value));
    if (name->is_unknown()) continue;
    auto& group = groups[name->as_string()];
    if (!group.empty() && form.grouping == ast::Grouping::none)
      return error(*form.key,
                   key.has_sensitive() ? "two items have the same key"
                                       : fmt::format("two items have the key \"{}\"", name->as_string()),
                   "\"...\" after the value groups the items of a key");
    group.push_back(std::move(value));
  }
  std::vector<Entry> entries;
  entries.reserve(groups.size());
  for (auto& [name, values] : groups) {
    const bool single = form.grouping == ast::Grouping::none;
    entries.push_back({name, single ? std::move(values.front()) : Value::tuple(std::move(values))});
  }
  return Value::object(std::move(entries));
}

namespace {

bool can_be_splat(const Value& value) {
  return value.kind() == TypeKind::list || value.kind() == TypeKind::set || value.kind() == TypeKind::tuple;
}

}  // namespace

Result<Value> Evaluator::visit(const ast::Node& node, const ast::Splat& form) {
  auto source = TRY(eval(*form.source));
  const bool mark = source.is_sensitive();
  source = source.revealed();
  if (source.is_null()) {
    if (can_be_splat(source)) return error(*form.source, "null cannot be iterated over");
    return Value::tuple({}).sensitive_if(mark);
  }
  if (source.is_unknown() && (can_be_splat(source) || source.kind() == TypeKind::dynamic))
    return Value::unknown(Type::dynamic()).sensitive_if(mark);
  if (!can_be_splat(source)) source = Value::tuple({source});
  return TRY(splat_each(node, form, source)).sensitive_if(mark);
}

Result<Value> Evaluator::splat_each(const ast::Node& node, const ast::Splat& form, const Value& source) {
  std::vector<Value> out;
  out.reserve(source.size());
  const auto apply = [&](const Value& item) {
    m_splat_items.push_back(item);
    auto result = eval(*form.each);
    m_splat_items.pop_back();
    return result;
  };
  for (const auto& item : source.elements()) out.push_back(TRY(apply(item)));
  if (source.kind() == TypeKind::tuple) return bounded(node, Value::tuple(std::move(out)));
  // A list's or a set's splat is a list: of an empty one the type is what an element would give.
  if (out.empty()) {
    const auto sample = apply(Value::unknown(source.type().element()));
    return Value::list(sample ? sample->type() : Type::dynamic(), {});
  }
  const auto type = out.front().type();
  for (const auto& value : out)
    if (!(value.type() == type)) return bounded(node, Value::tuple(std::move(out)));
  return bounded(node, Value::list(type, std::move(out)));
}

}  // namespace trunkform::language
