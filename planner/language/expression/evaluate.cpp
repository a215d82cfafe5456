#include "planner/language/expression/evaluate.hpp"

#include <fmt/format.h>

#include "planner/language/expression/evaluator.hpp"

namespace trunkform::language {
namespace {

// A hundred thousand keys with a hundred nodes each; hostile nesting of loops ends within seconds.
constexpr std::size_t k_most_steps = 10'000'000;

}  // namespace

Error Evaluator::error(const ast::Node& node, std::string summary, std::string detail) const {
  return placed(Error(ErrorCode::invalid_input, std::move(summary), std::move(detail)), node);
}

Error Evaluator::placed(Error failure, const ast::Node& node) const {
  if (!failure.source) failure.source = m_tree->origin.range(node.begin, node.end);
  return failure;
}

Result<Value> Evaluator::eval(const ast::Node& node) {
  if (++m_steps > k_most_steps) return error(node, "the expression takes too long to evaluate", "it loops too often");
  return std::visit([&](const auto& form) { return visit(node, form); }, node.form);
}

Result<Value> Evaluator::bounded(const ast::Node& node, Value value) const {
  if (value.depth() > Value::k_greatest_depth) return error(node, "the value is nested too deep");
  return value;
}

Result<Value> Evaluator::visit(const ast::Node&, const ast::Literal& form) { return form.value; }

Result<Value> Evaluator::visit(const ast::Node& node, const ast::ScopeReference& form) {
  const auto& reference = m_tree->references[form.index];
  auto resolution = m_scope.resolve(reference);
  if (!resolution) return placed(std::move(resolution).error(), node);
  auto value = std::move(resolution->value);
  for (auto i = resolution->steps; i < reference.steps.size(); ++i) {
    const auto& step = reference.steps[i];
    auto part = step.form == Step::Form::attribute ? get_attribute(value, step.name)
                                                   : get_index(value, Value::string(step.name));
    if (!part) return placed(std::move(part).error(), node);
    value = std::move(*part);
  }
  return value;
}

Result<Value> Evaluator::visit(const ast::Node& node, const ast::BoundName& form) {
  for (auto at = m_bound.rbegin(); at != m_bound.rend(); ++at)
    if (*at->first == form.name) return at->second;
  return error(node, fmt::format("\"{}\" has no value here", form.name));
}

Result<Value> Evaluator::visit(const ast::Node& node, const ast::GetAttribute& form) {
  auto part = get_attribute(TRY(eval(*form.object)), form.name);
  if (!part) return placed(std::move(part).error(), node);
  return part;
}

Result<Value> Evaluator::visit(const ast::Node& node, const ast::GetIndex& form) {
  const auto collection = TRY(eval(*form.collection));
  auto part = get_index(collection, TRY(eval(*form.key)));
  if (!part) return placed(std::move(part).error(), node);
  return part;
}

Result<Value> Evaluator::visit(const ast::Node&, const ast::SplatItem&) { return m_splat_items.back(); }

Result<Value> Evaluator::visit(const ast::Node&, const ast::Embedded& form) {
  const auto* outer = std::exchange(m_tree, &form.expression.tree());
  auto value = eval(*m_tree->root);
  m_tree = outer;
  return value;
}

Result<Value> Evaluator::visit(const ast::Node& node, const ast::MakeTuple& form) {
  std::vector<Value> elements;
  elements.reserve(form.elements.size());
  for (const auto& element : form.elements) elements.push_back(TRY(eval(*element)));
  return bounded(node, Value::tuple(std::move(elements)));
}

Result<Value> Evaluator::visit(const ast::Node& node, const ast::MakeObject& form) {
  std::vector<Entry> entries;
  entries.reserve(form.items.size());
  bool mark = false, known = true;
  for (const auto& [key_node, value_node] : form.items) {
    const auto key = TRY(eval(*key_node));
    auto value = TRY(eval(*value_node));
    mark = mark || key.has_sensitive();
    if (key.is_null()) return error(*key_node, "a key must not be null");
    const auto name = convert(key, Type::string());
    if (!name) return error(*key_node, "this cannot be a key: string required");
    known = known && name->is_known();
    if (known) entries.push_back({name->as_string(), std::move(value)});
  }
  if (!known) return Value::unknown(Type::dynamic()).sensitive_if(mark);
  return bounded(node, Value::object(std::move(entries)).sensitive_if(mark));
}

Result<> check_references(const Expression& expression, const Scope& scope) {
  for (const auto& reference : expression.references()) {
    auto found = scope.resolve(reference);
    if (found) continue;
    auto failure = std::move(found).error();
    if (!failure.source) failure.source = reference.range;
    return failure;
  }
  return {};
}

Result<Value> evaluate(const Expression& expression, const Scope& scope) {
  TRY(check_references(expression, scope));
  return Evaluator(expression.tree(), scope).run();
}

Result<Value> evaluate_as(const Expression& expression, const Scope& scope, const Type& type) {
  auto converted = convert(TRY(evaluate(expression, scope)), type);
  if (!converted) return std::move(converted.error()).at(expression.range());
  return converted;
}

}  // namespace trunkform::language
