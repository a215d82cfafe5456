#include "cmd/trunkform/views/diagnostic_json.hpp"

#include <algorithm>

namespace trunkform::views {
namespace {

void write_position(codec::JsonWriter& out, std::string_view key, const SourcePosition& position) {
  out.key(key);
  out.begin_object();
  out.member("line", position.line);
  out.member("column", position.column);
  out.member("byte", position.offset);
  out.end_object();
}

/// The whole line in which the range starts.
void write_snippet(codec::JsonWriter& out, const SourceRange& range, const std::vector<language::SourceFile>& sources) {
  const auto file = std::find_if(sources.begin(), sources.end(), [&](const auto& f) { return f.name == range.file; });
  if (file == sources.end() || range.start.offset > file->bytes.size()) return;
  const auto& bytes = file->bytes;
  const auto before = range.start.offset == 0 ? std::string::npos : bytes.rfind('\n', range.start.offset - 1);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  const auto end = std::min(bytes.find('\n', range.start.offset), bytes.size());
  out.key("snippet");
  out.begin_object();
  out.member("code", std::string_view(bytes).substr(begin, end - begin));
  out.member("start_line", range.start.line);
  out.member("highlight_start_offset", range.start.offset - begin);
  out.member("highlight_end_offset", std::min(range.end.offset, end) - begin);
  out.end_object();
}

}  // namespace

void write_diagnostic(codec::JsonWriter& out, const Diagnostic& diagnostic,
                      const std::vector<language::SourceFile>& sources) {
  const auto& error = diagnostic.error;
  out.begin_object();
  out.member("severity", diagnostic.severity == Severity::error ? "error" : "warning");
  out.member("summary", std::string_view(error.summary));
  auto detail = error.detail;
  for (const auto& cause : error.causes) detail += (detail.empty() ? "" : ": ") + to_line(cause);
  out.member("detail", std::string_view(detail));
  out.member("code", to_string(error.code));
  out.member_unless_empty("address", error.address);
  if (!error.hints.empty()) {
    out.key("hints");
    out.begin_array();
    for (const auto& hint : error.hints) out.value(std::string_view(hint));
    out.end_array();
  }
  if (error.source) {
    out.key("range");
    out.begin_object();
    out.member("filename", std::string_view(error.source->file));
    write_position(out, "start", error.source->start);
    write_position(out, "end", error.source->end);
    out.end_object();
    write_snippet(out, *error.source, sources);
  }
  out.end_object();
}

void begin_ui_line(codec::JsonWriter& out, std::string_view level, std::string_view message, std::string_view type,
                   Instant now) {
  out.begin_object();
  out.member("@level", level);
  out.member("@message", message);
  out.member("@module", "trunkform.ui");
  out.member("@timestamp", now);
  out.member("type", type);
}

std::string diagnostic_json_line(const Diagnostic& diagnostic, const std::vector<language::SourceFile>& sources,
                                 Instant now) {
  codec::JsonWriter out;
  const bool is_error = diagnostic.severity == Severity::error;
  begin_ui_line(out, is_error ? "error" : "warn", (is_error ? "Error: " : "Warning: ") + diagnostic.error.summary,
                "diagnostic", now);
  out.key("diagnostic");
  write_diagnostic(out, diagnostic, sources);
  out.end_object();
  return out.take();
}

}  // namespace trunkform::views
