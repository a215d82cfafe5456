#include "planner/language/expression/evaluator.hpp"
#include "planner/language/functions/function.hpp"
#include "planner/language/value/conversion.hpp"

namespace trunkform::language {

namespace {

/// A string in the making: text so far, and what its parts make of the whole.
struct Joined {
  std::string text;
  bool mark = false;
  bool unknown = false;
  Value value() const {
    const auto made = unknown ? Value::unknown(Type::string()) : Value::string(text);
    return made.sensitive_if(mark);
  }
};

/// Error without a place.
Result<> append(Joined& joined, const Value& value) {
  joined.mark = joined.mark || value.has_sensitive();
  if (value.is_null()) return failed("null cannot stand inside a longer string");
  const auto text = convert(value, Type::string());
  if (!text) return failed("this cannot stand inside a longer string: string required");
  if (text->is_unknown()) {
    joined.unknown = true;
    return {};
  }
  joined.text += text->as_string();
  if (joined.text.size() > k_longest_result) return failed("the string is too long");
  return {};
}

}  // namespace

Result<Value> Evaluator::visit(const ast::Node&, const ast::Template& form) {
  Joined joined;
  for (const auto& part : form.parts) {
    auto added = append(joined, TRY(eval(*part)));
    if (!added) return placed(std::move(added).error(), *part);
  }
  return joined.value();
}

Result<Value> Evaluator::visit(const ast::Node&, const ast::TemplateIf& form) {
  const auto condition = TRY(eval(*form.condition));
  if (condition.is_null()) return error(*form.condition, "the condition must not be null");
  const auto choice = convert(condition, Type::boolean());
  if (!choice) return error(*form.condition, "the condition must be a bool");
  if (choice->is_unknown()) return Value::unknown(Type::string()).sensitive_if(choice->is_sensitive());
  const auto& branch = choice->as_bool() ? form.yes : form.no;
  const auto text = branch ? TRY(eval(*branch)) : Value::string("");
  return text.sensitive_if(choice->is_sensitive());
}

Result<Value> Evaluator::visit(const ast::Node& node, const ast::TemplateFor& form) {
  // The loop of a `for` expression whose values are joined.
  const ast::Node loop{
      ast::For{form.key_name, form.value_name, form.collection, nullptr, form.body, nullptr, ast::Grouping::none},
      node.begin, node.end, node.depth};
  const auto texts = TRY(eval(loop));
  Joined joined;
  joined.mark = texts.is_sensitive();
  if (texts.is_unknown()) return Value::unknown(Type::string()).sensitive_if(joined.mark);
  for (const auto& text : texts.elements()) {
    auto added = append(joined, text);
    if (!added) return placed(std::move(added).error(), node);
  }
  return joined.value();
}

}  // namespace trunkform::language
