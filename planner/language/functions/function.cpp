#include "planner/language/functions/function.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

namespace trunkform::language {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Type read_type(std::string_view text) {
  auto type = parse_type(trimmed(text), Origin(SourceRange{}, text));
  if (!type) throw std::logic_error(fmt::format("a function's signature has the type \"{}\"", text));
  return type->type;
}

/// `name?: type` or `name...: type`.
void read_parameter(std::string_view text, Function& function) {
  const auto colon = text.find(':');
  auto name = trimmed(text.substr(0, colon));
  Parameter parameter{{}, read_type(text.substr(colon + 1)), false};
  const bool rest = name.ends_with("...");
  if (rest) name.remove_suffix(3);
  parameter.takes_null = name.ends_with("?");
  if (parameter.takes_null) name.remove_suffix(1);
  parameter.name = std::string(name);
  (rest ? function.rest : function.parameters).push_back(std::move(parameter));
}

Function read_row(const FunctionRow& row) {
  const auto text = row.signature;
  const auto open = text.find('(');
  Function function;
  function.name = std::string(text.substr(0, open));
  function.row = &row;
  int depth = 0;
  auto begin = open + 1, at = open + 1;
  for (; depth >= 0; ++at) {
    const char c = text.at(at);
    depth += (c == '(') - (c == ')');
    const bool ends = depth < 0 || (c == ',' && depth == 0);
    if (!ends) continue;
    if (at > begin) read_parameter(text.substr(begin, at - begin), function);
    begin = at + 1;
  }
  function.result = read_type(text.substr(at));
  return function;
}

Result<> check_count(const Function& function, std::size_t given) {
  const auto wanted = function.parameters.size();
  if (given < wanted)
    return failed(fmt::format("{} argument{} expected, the one for \"{}\" is missing", wanted,
                              wanted == 1 ? " is" : "s are", function.parameters[given].name));
  if (given > wanted && function.rest.empty())
    return failed(fmt::format("{} argument{} expected, not {}", wanted, wanted == 1 ? " is" : "s are", given));
  return {};
}

Result<Value> fit(const Value& argument, const Parameter& parameter) {
  if (argument.is_null() && !parameter.takes_null)
    return failed(fmt::format("the argument for \"{}\" must not be null", parameter.name));
  auto converted = convert(argument, parameter.type);
  if (!converted) return failed(fmt::format("the argument for \"{}\": {}", parameter.name, converted.error().summary));
  return converted;
}

}  // namespace

FunctionTable::FunctionTable(std::span<const std::span<const FunctionRow>> families) {
  for (const auto& family : families)
    for (const auto& row : family) m_functions.push_back(read_row(row));
  std::sort(m_functions.begin(), m_functions.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

const FunctionTable& FunctionTable::standard() {
  static const FunctionTable table(std::array{conversion_functions(), string_functions(), format_functions(),
                                              regex_functions(), numeric_functions(), collection_functions(),
                                              list_functions(), set_functions(), encoding_functions(), hash_functions(),
                                              file_functions()});
  return table;
}

const Function* FunctionTable::find(std::string_view name) const {
  const auto at = std::lower_bound(m_functions.begin(), m_functions.end(), name,
                                   [](const Function& f, std::string_view wanted) { return f.name < wanted; });
  return at != m_functions.end() && at->name == name ? &*at : nullptr;
}

std::vector<std::string> FunctionTable::names() const {
  std::vector<std::string> out;
  for (const auto& function : m_functions) out.push_back(function.name);
  return out;
}

Result<Value> call(const Function& function, std::span<const Value> arguments, const Scope& scope) {
  TRY(check_count(function, arguments.size()));
  const auto& row = *function.row;
  std::vector<Value> fitted;
  fitted.reserve(arguments.size());
  bool marked = false, known = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& parameter = i < function.parameters.size() ? function.parameters[i] : function.rest.front();
    auto value = TRY(fit(arguments[i], parameter));
    marked = marked || value.has_sensitive();
    known = known && value.is_wholly_known();
    fitted.push_back(row.marks == Marks::spread ? value.revealed_deep() : std::move(value));
  }
  const bool spreads_mark = marked && row.marks == Marks::spread;
  if (!known && row.unknowns == Unknowns::spread) return Value::unknown(function.result).sensitive_if(marked);
  auto result = row.run({fitted, scope});
  if (!result && marked) return failed("the reason is not shown, because an argument is sensitive");
  if (!result) return result;
  return result->sensitive_if(spreads_mark);
}

}  // namespace trunkform::language
