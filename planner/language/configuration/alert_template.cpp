#include "planner/language/configuration/alert_template.hpp"

#include "planner/language/expression/evaluate.hpp"

namespace trunkform::language {
namespace {

Value value_of(const Alert& alert) {
  const auto text = [](std::string_view word) { return Value::string(word); };
  return Value::object({{"kind", text(to_string(alert.kind))},
                        {"problem", text(to_string(alert.problem))},
                        {"severity", text(to_string(alert.severity))},
                        {"resolved", Value::boolean(alert.resolved)},
                        {"summary", text(alert.summary)},
                        {"detail", text(alert.detail)},
                        {"hint", text(alert.hint)},
                        {"address", text(alert.address)},
                        {"trunk", text(alert.trunk)},
                        {"dedup_key", text(alert.dedup_key)},
                        {"organisation", text(alert.organisation)},
                        {"run", text(alert.run)},
                        {"actor", text(alert.actor)},
                        {"plan", text(alert.plan)},
                        {"log_head", text(alert.log_head ? to_hex(*alert.log_head) : std::string())},
                        {"time", text(to_rfc3339(alert.time))}});
}

}  // namespace

Result<std::string> render_alert(const SourceFile& file, const Alert& alert) {
  NameScope names;
  names.set("alert", value_of(alert));
  const auto rendered = [&]() -> Result<Value> {
    const auto parsed = TRY(parse_template(file.bytes, Origin(SourceRange{file.name, {}, {}}, file.bytes)));
    return evaluate_as(parsed, names, Type::string());
  }();
  if (rendered) return rendered->as_string();
  return Error(ErrorCode::invalid_input, "the alert's template cannot be rendered").because(rendered.error());
}

}  // namespace trunkform::language
