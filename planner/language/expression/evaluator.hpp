#pragma once
// Walks a tree with a scope. One Evaluator for one evaluation. Private to expression/.
#include <string>
#include <utility>
#include <vector>

#include "planner/language/expression/ast.hpp"
#include "planner/language/expression/scope.hpp"

namespace trunkform::language {

/// Whether `templatefile` and `templatestring` may be called: not inside a template that they evaluate.
enum class TemplateCalls { allowed, refused };

class Evaluator {
 public:
  Evaluator(const Expression::Tree& tree, const Scope& scope, TemplateCalls calls = TemplateCalls::allowed)
      : m_tree(&tree), m_scope(scope), m_template_calls(calls) {}

  Result<Value> run() { return eval(*m_tree->root); }

 private:
  Result<Value> eval(const ast::Node& node);
  Error error(const ast::Node& node, std::string summary, std::string detail = {}) const;
  Error placed(Error failure, const ast::Node& node) const;

  // evaluate.cpp
  Result<Value> visit(const ast::Node& node, const ast::Literal& form);
  Result<Value> visit(const ast::Node& node, const ast::ScopeReference& form);
  Result<Value> visit(const ast::Node& node, const ast::BoundName& form);
  Result<Value> visit(const ast::Node& node, const ast::GetAttribute& form);
  Result<Value> visit(const ast::Node& node, const ast::GetIndex& form);
  Result<Value> visit(const ast::Node& node, const ast::SplatItem& form);
  Result<Value> visit(const ast::Node& node, const ast::Embedded& form);
  Result<Value> visit(const ast::Node& node, const ast::MakeTuple& form);
  Result<Value> visit(const ast::Node& node, const ast::MakeObject& form);
  // evaluate_operators.cpp
  Result<Value> visit(const ast::Node& node, const ast::Unary& form);
  Result<Value> visit(const ast::Node& node, const ast::Binary& form);
  Result<Value> visit(const ast::Node& node, const ast::Conditional& form);
  Result<Value> operand(const ast::Node& node, const Type& type, std::string_view side);
  Result<Value> compute(const ast::Node& node, ast::BinaryOperator op, const Value& left, const Value& right) const;
  // evaluate_loops.cpp
  struct Item;
  struct Loop;
  Result<Value> visit(const ast::Node& node, const ast::Splat& form);
  Result<Value> visit(const ast::Node& node, const ast::For& form);
  Result<Loop> loop_over(const ast::Node& collection);
  Result<Value> for_tuple(const ast::Node& node, const ast::For& form, Loop& loop);
  Result<Value> for_object(const ast::Node& node, const ast::For& form, Loop& loop);
  Result<bool> passes(const ast::For& form, Loop& loop);
  Result<Value> splat_each(const ast::Node& node, const ast::Splat& form, const Value& source);
  // evaluate_templates.cpp
  Result<Value> visit(const ast::Node& node, const ast::Template& form);
  Result<Value> visit(const ast::Node& node, const ast::TemplateIf& form);
  Result<Value> visit(const ast::Node& node, const ast::TemplateFor& form);
  // evaluate_calls.cpp
  Result<Value> visit(const ast::Node& node, const ast::Call& form);
  Result<std::vector<Value>> arguments(const ast::Call& form, bool& unknown);
  Result<Value> call_try(const ast::Node& node, const ast::Call& form);
  Result<Value> call_can(const ast::Node& node, const ast::Call& form);
  Result<Value> call_type(const ast::Node& node, const ast::Call& form);
  Result<Value> call_templatestring(const ast::Node& node, const ast::Call& form);
  Result<Value> call_templatefile(const ast::Node& node, const ast::Call& form);
  Result<Value> render(const ast::Node& node, const std::string& text, const Value& variables, std::string file);

  Result<Value> bounded(const ast::Node& node, Value value) const;

  void bind(const std::string& name, const Value& value) {
    if (!name.empty()) m_bound.emplace_back(&name, value);
  }

  const Expression::Tree* m_tree;
  const Scope& m_scope;
  TemplateCalls m_template_calls;
  std::vector<std::pair<const std::string*, Value>> m_bound;
  std::vector<Value> m_splat_items;
  std::size_t m_steps = 0;
};

/// `value.name` and `value[key]`; errors have no place.
Result<Value> get_attribute(const Value& value, const std::string& name);
Result<Value> get_index(const Value& value, const Value& key);
/// The deep equality of `==`: types count, null equals null. nullopt: it depends on what is unknown.
std::optional<bool> equal(const Value& left, const Value& right);

}  // namespace trunkform::language
