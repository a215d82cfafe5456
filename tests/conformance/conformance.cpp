// Runs the recorded expressions through the language and counts, group by group, where it agrees: the exact JSON and
// the exact type where there is a value, an error where there is an error. Fails where a group agrees less often than
// floors.txt says, so that the numbers only go up. `conformance -v` prints every case that differs.
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "planner/language/expression/evaluate.hpp"
#include "planner/language/value/json.hpp"

namespace {

using namespace trunkform;
using namespace trunkform::language;
using Json = nlohmann::ordered_json;

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Origin nowhere(const std::string& text) { return Origin(SourceRange{"main.tf.json", {}, {}}, text); }

template <class T>
T must(Result<T> result, const std::string& what) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}: {}\n", what, to_line(result.error()));
  std::exit(2);
}

/// A JSON value in argument position: strings are templates.
Expression as_expression(const Value& value) {
  if (value.is_null() || value.kind() == TypeKind::number || value.kind() == TypeKind::boolean)
    return Expression(value);
  if (value.kind() == TypeKind::string) {
    const auto& text = value.as_string();
    return must(parse_template(text, nowhere(text)), text);
  }
  if (value.kind() == TypeKind::object) {
    std::vector<std::pair<Expression, Expression>> entries;
    for (const auto& entry : value.entries())
      entries.emplace_back(as_expression(Value::string(entry.key)), as_expression(entry.value));
    return make_object(std::move(entries), {});
  }
  std::vector<Expression> elements;
  for (const auto& element : value.elements()) elements.push_back(as_expression(element));
  return make_tuple(std::move(elements), {});
}

void declare_variables(const Value& variables, NameScope& scope) {
  for (const auto& [name, body] : variables.entries()) {
    const auto* fallback = body.find("default");
    const auto* type = body.find("type");
    const auto* mark = body.find("sensitive");
    auto value = fallback ? *fallback : Value();
    if (type) {
      const auto constraint = must(parse_type(type->as_string(), nowhere(type->as_string())), name);
      value = must(conform(value, constraint), name);
    }
    scope.declare("var", name, value.sensitive_if(mark && mark->as_bool()));
  }
}

void declare_locals(const Value& locals, NameScope& scope) {
  std::map<std::string, Expression> open;
  for (const auto& entry : locals.entries()) open.emplace(entry.key, as_expression(entry.value));
  while (!open.empty()) {
    bool progress = false;
    for (auto at = open.begin(); at != open.end();) {
      const auto value = evaluate(at->second, scope);
      if (value) scope.declare("local", at->first, *value);
      progress = progress || value.has_value();
      at = value ? open.erase(at) : std::next(at);
    }
    if (!progress) must(evaluate(open.begin()->second, scope), "local." + open.begin()->first);
  }
}

struct Outcome {
  bool ok = false;
  std::string json, type, note, error;
};

Outcome run(const std::string& text, const NameScope& scope) {
  Outcome out;
  const auto expression = parse_expression(text, nowhere(text));
  const auto value = expression ? evaluate(*expression, scope) : Result<Value>(expression.error());
  if (!value) {
    out.error = to_line(value.error());
    return out;
  }
  out.type = render_type(value->type());
  if (value->has_sensitive() || !value->is_wholly_known()) {
    out.ok = true;
    out.note = value->has_sensitive() ? "(sensitive value)" : "(known after apply)";
    return out;
  }
  const auto json = encode_json(*value);
  out.ok = json.has_value();
  (json ? out.json : out.error) = json ? *json : to_line(json.error());
  return out;
}

bool agrees(const Json& wanted, const Outcome& got) {
  if (wanted["ok"] != got.ok) return false;
  if (!got.ok) {
    // That a function is missing is no agreement, unless it is missing there too.
    const bool missing = got.error.starts_with("there is no function");
    const std::string summary = wanted["error"];
    return !missing || summary == "Call to unknown function" || summary == "Unknown provider function";
  }
  if (wanted["type"] != got.type) return false;
  return wanted["json"].is_null() ? wanted["note"] == got.note : wanted["json"] == got.json;
}

struct Count {
  int agree = 0, total = 0;
};

int report(const std::map<std::string, Count>& groups, const std::string& folder) {
  std::istringstream floors(read(folder + "/floors.txt"));
  std::map<std::string, int> floor;
  std::string name;
  for (int count = 0; floors >> name >> count;) floor[name] = count;
  int agree = 0, total = 0, failures = 0;
  for (const auto& [group, count] : groups) {
    const bool known = floor.count(group) != 0;
    const bool low = !known || count.agree < floor[group];
    fmt::print("{:16} {:3} of {:3}{}\n", group, count.agree, count.total,
               !known ? "   no floor is recorded"
               : low  ? fmt::format("   below its floor of {}", floor[group])
                      : "");
    failures += low;
    agree += count.agree;
    total += count.total;
    floor.erase(group);
  }
  for (const auto& [group, count] : floor) {
    fmt::print("{:16} has a floor of {} but no cases\n", group, count);
    ++failures;
  }
  fmt::print("{:16} {:3} of {:3}\n", "total", agree, total);
  return failures == 0 && total > 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string folder = TRUNKFORM_CONFORMANCE_FOLDER;
  const bool verbose = count > 1 && std::strcmp(arguments[1], "-v") == 0;
  const auto file = must(decode_json(read(folder + "/main.tf.json")), "main.tf.json");
  NameScope scope;
  scope.declare_group("var");
  scope.declare_group("local");
  scope.declare("path", "module", Value::string("."));
  scope.declare("path", "root", Value::string("."));
  scope.declare("terraform", "workspace", Value::string("default"));
  declare_variables(*file.find("variable"), scope);
  declare_locals(*file.find("locals"), scope);
  std::map<std::string, Count> groups;
  std::istringstream lines(read(folder + "/expressions.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    const auto wanted = Json::parse(line);
    const auto got = run(wanted["expr"], scope);
    auto& group = groups[wanted["group"]];
    ++group.total;
    const bool same = agrees(wanted, got);
    group.agree += same;
    if (same || !verbose) continue;
    fmt::print("{}: {}\n  wanted {}\n  got    ok={} json={} type={} note={} error={}\n",
               wanted["id"].get<std::string>(), wanted["expr"].get<std::string>(), wanted.dump(), got.ok, got.json,
               got.type, got.note, got.error);
  }
  return report(groups, folder);
}
