// Values for variables from the command line, the environment and files.
#include <fmt/format.h>

#include "planner/language/configuration/block.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "planner/language/json/parse.hpp"

namespace trunkform::language {

std::string to_string(const Secret& secret) {
  return (secret.kind == Secret::Kind::env ? "env:" : "file:") + secret.name;
}

Result<VariableInput> parse_variable_flag(std::string_view argument) {
  const auto equals = argument.find('=');
  // The value may be secret: only the name is told.
  if (equals == std::string_view::npos || equals == 0)
    return Error(ErrorCode::invalid_input, "-var takes NAME=VALUE", equals == 0 ? "there is no name" : "there is no =")
        .hint("for example -var 'region=mypurecloud.de'");
  VariableInput input;
  input.name = argument.substr(0, equals);
  input.text = argument.substr(equals + 1);
  input.where = "-var";
  return input;
}

std::optional<VariableInput> variable_from_environment(std::string_view name, std::string_view value) {
  constexpr std::string_view k_prefix = "TRUNKFORM_VAR_";
  if (!name.starts_with(k_prefix) || name.size() == k_prefix.size()) return std::nullopt;
  VariableInput input;
  input.name = name.substr(k_prefix.size());
  input.text = value;
  input.origin = VariableInput::Origin::environment;
  input.where = name;
  return input;
}

VariableInputs parse_variable_file(const SourceFile& file, Diagnostics& diagnostics) {
  auto parsed = parse_json(file.name, file.bytes);
  diagnostics.append(parsed.diagnostics);
  VariableInputs inputs;
  if (!parsed.document) return inputs;
  const auto root = parsed.document->root();
  if (!root.is(JsonKind::object)) {
    diagnostics.add(Error(ErrorCode::invalid_input, "a file of variables must be an object",
                          fmt::format("this is {}", describe(root.kind())))
                        .at(root.range())
                        .hint("write {\"name\": value, …}"));
    return inputs;
  }
  for (const auto& member : block_members(root)) {
    VariableInput input;
    input.name = member.key.text();
    input.text = member.value.source();
    input.form = VariableInput::Form::json;
    input.origin = VariableInput::Origin::file;
    input.where = file.name;
    input.source = member.value.range();
    inputs.push_back(std::move(input));
  }
  return inputs;
}

}  // namespace trunkform::language
