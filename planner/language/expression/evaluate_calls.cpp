#include <fmt/format.h>

#include "planner/language/expression/evaluate.hpp"
#include "planner/language/expression/evaluator.hpp"
#include "planner/language/functions/function.hpp"
#include "planner/language/functions/public_file.hpp"
#include "planner/language/value/conversion.hpp"
#include "schemas/model/diagnostic.hpp"

namespace trunkform::language {
namespace {

std::string_view plain_name(std::string_view name) {
  constexpr std::string_view k_core = "core::";
  return name.starts_with(k_core) ? name.substr(k_core.size()) : name;
}

Error unknown_function(const std::string& name) {
  auto error = failed(fmt::format("there is no function \"{}\"", name));
  const auto near = nearest(name, FunctionTable::standard().names());
  return near.empty() ? error : std::move(error).hint(fmt::format("did you mean \"{}\"?", near));
}

}  // namespace

Result<std::vector<Value>> Evaluator::arguments(const ast::Call& form, bool& unknown) {
  std::vector<Value> out;
  out.reserve(form.arguments.size());
  for (const auto& argument : form.arguments) out.push_back(TRY(eval(*argument)));
  if (form.last == ast::LastArgument::plain) return out;
  const auto last = std::move(out.back());
  out.pop_back();
  const auto& node = *form.arguments.back();
  const auto kind = last.kind();
  const bool sequence = kind == TypeKind::list || kind == TypeKind::set || kind == TypeKind::tuple;
  if (last.is_unknown())
    unknown = true;
  else if (last.is_null())
    return error(node, "null cannot be expanded with \"...\"");
  else if (!sequence)
    return error(node, "only a list, set or tuple can be expanded with \"...\"");
  else
    for (const auto& element : last.elements()) out.push_back(element.sensitive_if(last.is_sensitive()));
  return out;
}

Result<Value> Evaluator::visit(const ast::Node& node, const ast::Call& form) {
  const auto name = plain_name(form.name);
  if (name == "try") return call_try(node, form);
  if (name == "can") return call_can(node, form);
  if (name == "templatestring") return call_templatestring(node, form);
  if (name == "templatefile") return call_templatefile(node, form);
  if (name == "type") return call_type(node, form);
  const auto* function = FunctionTable::standard().find(name);
  if (!function) return placed(unknown_function(form.name), node);
  bool unknown = false;
  const auto values = TRY(arguments(form, unknown));
  if (unknown) return Value::unknown(function->result);
  auto result = call(*function, values, m_scope);
  if (!result) {
    auto failure = std::move(result).error();
    failure.summary = fmt::format("{}(): {}", name, failure.summary);
    return placed(std::move(failure), node);
  }
  return bounded(node, std::move(*result));
}

Result<Value> Evaluator::call_try(const ast::Node& node, const ast::Call& form) {
  if (form.arguments.empty()) return error(node, "try(): at least one argument is expected");
  auto failure = error(node, "try(): no expression succeeded");
  for (const auto& argument : form.arguments) {
    auto result = eval(*argument);
    if (result) return result;
    failure.causes.push_back(std::move(result).error());
  }
  return failure;
}

Result<Value> Evaluator::call_can(const ast::Node& node, const ast::Call& form) {
  if (form.arguments.size() != 1) return error(node, "can(): one argument is expected");
  return Value::boolean(eval(*form.arguments.front()).has_value());
}

Result<Value> Evaluator::call_type(const ast::Node& node, const ast::Call& form) {
  if (m_scope.setting() != Setting::console) return error(node, "type() exists in the console only");
  if (form.arguments.size() != 1) return error(node, "type(): one argument is expected");
  return Value::string(render_type(TRY(eval(*form.arguments.front())).type()));
}

Result<Value> Evaluator::render(const ast::Node& node, const std::string& text, const Value& variables,
                                std::string file) {
  if (m_template_calls == TemplateCalls::refused) return error(node, "a template must not evaluate another template");
  const bool keyed = variables.kind() == TypeKind::object || variables.kind() == TypeKind::map;
  if (!variables.is_known() || !keyed) return error(node, "the template's variables must be a map or an object");
  NameScope names;
  for (const auto& entry : variables.entries())
    names.set(entry.key, entry.value.sensitive_if(variables.is_sensitive()));
  names.set_host(m_scope.host());
  if (const auto now = m_scope.now()) names.set_now(*now);
  const auto origin = Origin(SourceRange{std::move(file), {}, {}}, text);
  const auto nested = [&]() -> Result<Value> {
    const auto parsed = TRY(parse_template(text, origin));
    TRY(check_references(parsed, names));
    return Evaluator(parsed.tree(), names, TemplateCalls::refused).run();
  }();
  if (!nested) return error(node, "the template cannot be rendered").because(nested.error());
  return nested;
}

Result<Value> Evaluator::call_templatestring(const ast::Node& node, const ast::Call& form) {
  if (form.arguments.size() != 2) return error(node, "templatestring(): a template and its variables are expected");
  const auto& source = *form.arguments[0];
  if (!std::holds_alternative<ast::ScopeReference>(source.form) && !std::holds_alternative<ast::BoundName>(source.form))
    return error(source, "templatestring(): the template must be a plain reference",
                 "a template that is written out is rendered without this function");
  const auto text = convert(TRY(eval(source)), Type::string());
  if (!text || text->is_null()) return error(source, "templatestring(): the template must be a string");
  const auto variables = TRY(eval(*form.arguments[1]));
  if (text->is_unknown() || !variables.is_wholly_known()) return Value::unknown(Type::dynamic());
  return TRY(render(node, text->as_string(), variables, "template")).sensitive_if(text->is_sensitive());
}

Result<Value> Evaluator::call_templatefile(const ast::Node& node, const ast::Call& form) {
  if (form.arguments.size() != 2) return error(node, "templatefile(): a path and variables are expected");
  const auto path = convert(TRY(eval(*form.arguments[0])), Type::string());
  if (!path || path->is_null()) return error(node, "templatefile(): the path must be a string");
  const auto variables = TRY(eval(*form.arguments[1]));
  if (path->is_unknown() || !variables.is_wholly_known()) return Value::unknown(Type::dynamic());
  if (!m_scope.host()) return error(node, "templatefile(): no files can be read here");
  auto text = read_public_file(*m_scope.host(), path->as_string());
  if (!text) return placed(std::move(text).error(), node);
  return TRY(render(node, *text, variables, path->as_string())).sensitive_if(path->is_sensitive());
}

}  // namespace trunkform::language
