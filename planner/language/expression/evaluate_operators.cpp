#include <fmt/format.h>

#include "planner/language/expression/evaluator.hpp"
#include "planner/language/value/conversion.hpp"

namespace trunkform::language {

using ast::BinaryOperator;

Result<Value> Evaluator::operand(const ast::Node& node, const Type& type, std::string_view side) {
  const auto value = TRY(eval(node));
  if (value.is_null()) return error(node, fmt::format("the {} operand must not be null", side));
  auto converted = convert(value, type);
  if (!converted) return error(node, fmt::format("the {} operand: {}", side, converted.error().summary));
  return converted;
}

Result<Value> Evaluator::visit(const ast::Node&, const ast::Unary& form) {
  const bool negates = form.op == ast::UnaryOperator::negate;
  const auto value = TRY(operand(*form.operand, negates ? Type::number() : Type::boolean(), "only"));
  if (value.is_unknown()) return value;
  const auto result = negates ? Value::number(value.as_number().negated()) : Value::boolean(!value.as_bool());
  return result.sensitive_if(value.is_sensitive());
}

namespace {

bool is_logical(BinaryOperator op) { return op == BinaryOperator::logical_and || op == BinaryOperator::logical_or; }
bool is_equality(BinaryOperator op) { return op == BinaryOperator::equal || op == BinaryOperator::not_equal; }
bool is_order(BinaryOperator op) {
  return op == BinaryOperator::less || op == BinaryOperator::less_equal || op == BinaryOperator::greater ||
         op == BinaryOperator::greater_equal;
}

bool in_order(BinaryOperator op, int order) {
  switch (op) {
    case BinaryOperator::less:
      return order < 0;
    case BinaryOperator::less_equal:
      return order <= 0;
    case BinaryOperator::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

Result<Number> arithmetic(BinaryOperator op, const Number& left, const Number& right) {
  switch (op) {
    case BinaryOperator::add:
      return left.plus(right);
    case BinaryOperator::subtract:
      return left.minus(right);
    case BinaryOperator::multiply:
      return left.times(right);
    case BinaryOperator::divide:
      return left.over(right);
    default:
      return left.modulo(right);
  }
}

}  // namespace

Result<Value> Evaluator::visit(const ast::Node& node, const ast::Binary& form) {
  if (is_equality(form.op)) {
    const auto left = TRY(eval(*form.left));
    const auto right = TRY(eval(*form.right));
    const bool mark = left.has_sensitive() || right.has_sensitive();
    const auto same = equal(left, right);
    if (!same) return Value::unknown(Type::boolean()).sensitive_if(mark);
    return Value::boolean(*same == (form.op == BinaryOperator::equal)).sensitive_if(mark);
  }
  const auto type = is_logical(form.op) ? Type::boolean() : Type::number();
  // Both sides always: `&&` and `||` do not hide the other side's errors.
  const auto left = TRY(operand(*form.left, type, "left"));
  const auto right = TRY(operand(*form.right, type, "right"));
  const bool mark = left.is_sensitive() || right.is_sensitive();
  return TRY(compute(node, form.op, left, right)).sensitive_if(mark);
}

Result<Value> Evaluator::compute(const ast::Node& node, BinaryOperator op, const Value& left,
                                 const Value& right) const {
  if (is_logical(op)) {
    // One side may decide although the other is unknown.
    const bool decisive = op == BinaryOperator::logical_or;
    for (const auto* side : {&left, &right})
      if (side->is_known() && side->as_bool() == decisive) return Value::boolean(decisive);
    if (left.is_unknown() || right.is_unknown()) return Value::unknown(Type::boolean());
    return Value::boolean(!decisive);
  }
  if (left.is_unknown() || right.is_unknown()) return Value::unknown(is_order(op) ? Type::boolean() : Type::number());
  if (is_order(op)) return Value::boolean(in_order(op, left.as_number().compare(right.as_number())));
  auto number = arithmetic(op, left.as_number(), right.as_number());
  if (!number) return placed(std::move(number).error(), node);
  return Value::number(*number);
}

namespace {

bool is_bare_null(const Value& value) { return value.is_null() && value.kind() == TypeKind::dynamic; }

/// The type of a conditional; nullopt where its branches have none in common.
std::optional<Type> common_type(const Result<Value>& yes, const Result<Value>& no) {
  // A branch that failed has no say: only the one taken is needed.
  if (!yes || !no) return Type::dynamic();
  if (is_bare_null(*yes)) return no->type();
  if (is_bare_null(*no)) return yes->type();
  if (yes->kind() == TypeKind::dynamic || no->kind() == TypeKind::dynamic) return Type::dynamic();
  return unify(std::vector{yes->type(), no->type()});
}

}  // namespace

Result<Value> Evaluator::visit(const ast::Node& node, const ast::Conditional& form) {
  const auto condition = TRY(eval(*form.condition));
  if (condition.is_null()) return error(*form.condition, "the condition must not be null");
  const auto choice = convert(condition, Type::boolean());
  if (!choice) return error(*form.condition, "the condition must be a bool");
  auto yes = eval(*form.yes);
  auto no = eval(*form.no);
  const auto type = common_type(yes, no);
  if (!type)
    return error(
        node, "the two results have no common type",
        fmt::format("the true result is {}, the false result is {}", yes->type().to_string(), no->type().to_string()));
  const bool mark = choice->is_sensitive();
  if (choice->is_unknown()) {
    if (!yes) return yes;
    if (!no) return no;
    return Value::unknown(*type).sensitive_if(mark || yes->has_sensitive() || no->has_sensitive());
  }
  const auto& taken = choice->as_bool() ? yes : no;
  if (!taken) return taken;
  auto converted = convert(*taken, *type);
  if (!converted) return placed(std::move(converted).error(), node);
  return converted->sensitive_if(mark);
}

}  // namespace trunkform::language
