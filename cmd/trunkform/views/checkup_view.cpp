#include "cmd/trunkform/views/checkup_view.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/views/diagnostic_json.hpp"

namespace trunkform::views {
namespace {

std::string mark(Condition condition, const TextStyle& style) {
  switch (condition) {
    case Condition::good:
      return style.green(fit("ok", 8));
    case Condition::warning:
      return style.yellow(fit("warning", 8));
    case Condition::bad:
      return style.red(fit("failed", 8));
    case Condition::unknown:
      break;
  }
  return style.faint(fit("unknown", 8));
}

constexpr auto* k_beneath = "           ";

void append_why(std::string& text, const Error& error, const TextStyle& style) {
  if (!error.detail.empty()) text += k_beneath + escape_foreign(error.detail) + '\n';
  for (const auto& cause : error.causes) text += k_beneath + escape_foreign(to_line(cause)) + '\n';
  for (const auto& hint : error.hints) text += k_beneath + style.cyan("hint: " + escape_foreign(hint)) + '\n';
}

}  // namespace

std::string_view to_string(Condition condition) {
  switch (condition) {
    case Condition::good:
      return "good";
    case Condition::warning:
      return "warning";
    case Condition::bad:
      return "bad";
    case Condition::unknown:
      break;
  }
  return "unknown";
}

std::string checkup_text(const Checkup& checkup, const TextStyle& style) {
  auto text = style.bold(escape_foreign(checkup.subject));
  if (!checkup.place.empty()) text += "  " + escape_foreign(checkup.place);
  text += '\n';
  for (const auto& line : checkup.lines) {
    text += fmt::format("  {} {}\n", mark(line.condition, style), escape_foreign(line.message));
    if (line.error) append_why(text, *line.error, style);
  }
  return text;
}

void write_checkup(codec::JsonWriter& out, const Checkup& checkup, const std::vector<language::SourceFile>& sources) {
  out.begin_object();
  out.member("subject", std::string_view(checkup.subject));
  out.member("place", std::string_view(checkup.place));
  out.key("checks");
  out.begin_array();
  for (const auto& line : checkup.lines) {
    out.begin_object();
    out.member("condition", to_string(line.condition));
    out.member("message", std::string_view(line.message));
    if (line.error) {
      out.key("diagnostic");
      const auto severity = line.condition == Condition::bad ? Severity::error : Severity::warning;
      write_diagnostic(out, {severity, *line.error}, sources);
    }
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

}  // namespace trunkform::views
