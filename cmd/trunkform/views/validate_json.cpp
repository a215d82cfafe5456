#include "cmd/trunkform/views/validate_json.hpp"

#include <algorithm>

#include "cmd/trunkform/views/diagnostic_json.hpp"

namespace trunkform::views {

std::string validate_json(const Diagnostics& diagnostics, const std::vector<language::SourceFile>& sources) {
  const auto errors = std::count_if(diagnostics.begin(), diagnostics.end(),
                                    [](const auto& item) { return item.severity == Severity::error; });
  codec::JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.member("valid", errors == 0);
  out.member("error_count", errors);
  out.member("warning_count", static_cast<std::ptrdiff_t>(diagnostics.items().size()) - errors);
  out.key("diagnostics");
  out.begin_array();
  for (const auto& diagnostic : diagnostics) write_diagnostic(out, diagnostic, sources);
  out.end_array();
  out.end_object();
  return out.take();
}

}  // namespace trunkform::views
