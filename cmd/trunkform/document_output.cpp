#include "cmd/trunkform/document_output.hpp"

#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/views/diagnostic_json.hpp"

namespace trunkform::cli {

Result<bool> load_for_document(Frame& frame, std::vector<Diagnostic>& collected) {
  if (frame.reporter.output() == Output::human) return load_configuration(frame.session, frame.reporter);
  const auto* loaded = TRY(frame.session.load());
  if (!loaded->configuration) return load_configuration(frame.session, frame.reporter);
  frame.reporter.use_sources(frame.session.files());
  for (const auto& diagnostic : loaded->diagnostics) collected.push_back(diagnostic);
  return true;
}

void report_into(Frame& frame, std::vector<Diagnostic>& collected, Diagnostic diagnostic) {
  if (frame.reporter.output() == Output::human)
    frame.reporter.report(std::vector<Diagnostic>{diagnostic});
  else
    collected.push_back(std::move(diagnostic));
}

void write_diagnostics(codec::JsonWriter& out, const std::vector<Diagnostic>& diagnostics,
                       const std::vector<language::SourceFile>& sources) {
  out.key("diagnostics");
  out.begin_array();
  for (const auto& diagnostic : diagnostics) views::write_diagnostic(out, diagnostic, sources);
  out.end_array();
}

}  // namespace trunkform::cli
