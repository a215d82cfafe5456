#include "planner/language/configuration/variables.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "planner/language/configuration/reader.hpp"
#include "planner/language/expression/evaluate.hpp"
#include "planner/language/value/conversion.hpp"
#include "planner/language/value/json.hpp"
#include "schemas/model/some_of.hpp"

namespace trunkform::language {
namespace {

/// Terraform's, so that a module can be made of any configuration.
constexpr std::array k_reserved{"source",   "version",   "providers",  "count",
                                "for_each", "lifecycle", "depends_on", "locals"};

/// One variable on its way from declaration and input to its value.
class VariableReader {
 public:
  VariableReader(const Block& block, const Body& body, Problems& problems)
      : m_name(block.name),
        m_problems(problems),
        m_variable{body, block, Value::unknown(Type::dynamic()), false, {}},
        m_is_nullable(flag("nullable", true)) {
    m_variable.sensitive = flag("sensitive", false);
  }

  Variable read(const VariableInput* input, Missing missing) {
    if (std::find(k_reserved.begin(), k_reserved.end(), m_name) != k_reserved.end())
      fail(Error(ErrorCode::invalid_input, fmt::format("a variable may not have the name {}", quoted(m_name)),
                 "it has a meaning of its own")
               .at(m_variable.block.label.range())
               .hint(fmt::format("call it otherwise, for example {}", quoted("my_" + m_name))));
    const bool is_sound = read_type();
    const auto fallback = is_sound ? read_default() : std::nullopt;
    if (!is_sound || m_failed) return std::move(m_variable);
    auto value = input ? from_input(*input) : std::nullopt;
    if (input && !value) return std::move(m_variable);
    if (value && value->is_null() && !m_is_nullable) value = std::nullopt;
    if (value && input) m_variable.where = input->where;
    if (!value) value = fallback;
    if (!value) return none(missing);
    m_variable.value = value->sensitive_if(m_variable.sensitive);
    return std::move(m_variable);
  }

 private:
  const std::string& m_name;
  Problems& m_problems;
  Variable m_variable;
  TypeConstraint m_constraint;
  bool m_is_nullable;
  bool m_failed = false;

  void fail(Error error) {
    m_failed = true;
    m_problems.add(std::move(error).of("variable." + m_name));
  }

  bool flag(std::string_view name, bool fallback) const {
    const auto* argument = m_variable.body.find(name);
    return argument && argument->value.is(JsonKind::boolean) ? argument->value.boolean() : fallback;
  }

  bool read_type() {
    const auto* argument = m_variable.body.find("type");
    m_constraint.type = Type::dynamic();
    if (!argument || argument->value.is(JsonKind::null)) return true;
    if (argument->is_faulty) return false;
    const auto map = std::make_shared<const JsonStringMap>(argument->value.string_map());
    auto constraint = parse_type(
        argument->value.text(),
        Origin(argument->value.document().file(), [map](std::size_t offset) { return map->position(offset); }));
    if (!constraint) {
      auto error = std::move(constraint.error());
      if (!error.source) error.source = argument->value.range();
      if (error.hints.empty())
        error.hints.emplace_back(
            "types are string, number, bool, any, list(…), set(…), map(…), object({…}) and tuple([…])");
      fail(std::move(error));
      return false;
    }
    m_constraint = std::move(*constraint);
    return true;
  }

  std::optional<Value> read_default() {
    const auto* argument = m_variable.body.find("default");
    if (!argument) return std::nullopt;
    auto value = decode_json(argument->value.source());
    if (value) value = conform(*value, m_constraint);
    if (!value) {
      fail(Error(ErrorCode::invalid_input,
                 fmt::format("the default of variable {} does not fit its type", quoted(m_name)), value.error().summary)
               .at(argument->value.range())
               .hint(fmt::format("its type is {}: correct the one or the other", m_constraint.type.to_string())));
      return std::nullopt;
    }
    if (value->is_null() && !m_is_nullable) {
      fail(Error(ErrorCode::invalid_input, fmt::format("the default of variable {} may not be null", quoted(m_name)),
                 "nullable is false")
               .at(argument->value.range())
               .hint("leave the default out, or nullable"));
      return std::nullopt;
    }
    return std::move(*value);
  }

  Result<Value> parse_input(const VariableInput& input) const {
    if (input.form == VariableInput::Form::json) return decode_json(input.text);
    const bool is_text = m_constraint.type.is_primitive() || m_constraint.type.is(TypeKind::dynamic);
    if (is_text) return Value::string(input.text);
    const SourceRange nowhere{input.where, {}, {}};
    const auto expression = TRY(parse_expression(input.text, Origin(nowhere, input.text)));
    return evaluate(expression, NameScope());
  }

  /// The value itself is not told: it may be secret.
  std::optional<Value> from_input(const VariableInput& input) {
    auto value = parse_input(input);
    if (value) value = conform(*value, m_constraint);
    if (value) return std::move(*value);
    auto error = Error(ErrorCode::invalid_input, fmt::format("the value of variable {} does not fit", quoted(m_name)),
                       fmt::format("{} (from {})", value.error().summary, input.where));
    error.source = input.source;
    if (!error.source) error.source = m_variable.block.label.range();
    fail(std::move(error).hint(fmt::format("its type is {}; lists and maps are written as in -var '{}=[\"a\", \"b\"]'",
                                           m_constraint.type.to_string(), m_name)));
    return std::nullopt;
  }

  Variable none(Missing missing) {
    m_variable.value = Value::unknown(m_constraint.type).sensitive_if(m_variable.sensitive);
    if (missing == Missing::is_error)
      fail(Error(ErrorCode::invalid_input, fmt::format("variable {} has no value", quoted(m_name)), "it has no default")
               .at(m_variable.block.label.range())
               .hint(fmt::format("give one: -var '{0}=…', TRUNKFORM_VAR_{0}, or a line in a *.auto.trunkvars.json",
                                 m_name)));
    return std::move(m_variable);
  }
};

std::string what_is_declared(const std::vector<std::string>& names) {
  constexpr std::size_t k_shown = 10;
  if (names.empty()) return "the configuration declares no variable: leave the value out";
  return fmt::format("declared {} {}", names.size() == 1 ? "is only" : "are", some_of(names, k_shown));
}

void report_undeclared(const VariableInput& input, const std::vector<std::string>& names, Problems& problems) {
  if (input.origin == VariableInput::Origin::environment) return;
  auto error = Error(ErrorCode::invalid_input, fmt::format("there is no variable {}", quoted(input.name)),
                     fmt::format("a value comes from {}", input.where));
  error.source = input.source;
  if (const auto near = nearest(input.name, names); !near.empty()) {
    error.hints.push_back(fmt::format("did you mean {}?", quoted(near)));
  } else {
    error.hints.push_back(what_is_declared(names));
    error.hints.push_back(fmt::format("or declare it: \"variable\": {{\"{}\": {{}}}}", input.name));
  }
  if (input.origin == VariableInput::Origin::flag)
    problems.add(std::move(error));
  else
    problems.warn(std::move(error));
}

void check_validation(const Variable& variable, const Body& validation, const Scope& scope, Problems& problems) {
  const auto address = "variable." + variable.block.name;
  BodyReader reader(validation, scope, problems, address, Exposure::hidden);
  const auto condition = reader.value("condition");
  if (!condition || !condition->is_wholly_known()) return;
  const auto holds = convert(*condition, Type::boolean());
  if (!holds) {
    problems.add(Error(ErrorCode::invalid_input, "the condition must be true or false", holds.error().summary)
                     .at(reader.range("condition"))
                     .of(address));
    return;
  }
  if (holds->as_bool()) return;
  const auto message = reader.value("error_message");
  const bool is_readable =
      message && message->is_wholly_known() && message->kind() == TypeKind::string && !message->has_sensitive();
  const auto from = variable.where.empty() ? std::string("the default") : variable.where;
  problems.add(Error(ErrorCode::invalid_input,
                     fmt::format("variable {} has a value that its validation refuses", quoted(variable.block.name)),
                     is_readable ? message->as_string() : "the message holds a sensitive value and is not shown")
                   .at(reader.range("condition"))
                   .of(address)
                   .hint(fmt::format("change the value, which comes from {}", from)));
}

}  // namespace

std::map<std::string, Variable> read_variables(const std::vector<std::pair<Block, Body>>& declarations,
                                               const VariableInputs& inputs, Missing missing, Problems& problems) {
  std::map<std::string, const VariableInput*> given;
  for (const auto& input : inputs) given[input.name] = &input;
  std::map<std::string, Variable> variables;
  for (const auto& [block, body] : declarations) {
    const auto input = given.find(block.name);
    variables.emplace(
        block.name,
        VariableReader(block, body, problems).read(input == given.end() ? nullptr : input->second, missing));
  }
  std::vector<std::string> names;
  names.reserve(variables.size());
  for (const auto& [name, variable] : variables) names.push_back(name);
  for (const auto& [name, input] : given)
    if (!variables.contains(name)) report_undeclared(*input, names, problems);
  return variables;
}

void check_validations(const std::map<std::string, Variable>& variables, const Scope& scope, Problems& problems) {
  for (const auto& [name, variable] : variables)
    for (const auto& validation : variable.body.blocks) check_validation(variable, validation, scope, problems);
}

}  // namespace trunkform::language
