#include "cmd/trunkform/reporter.hpp"

#include <ostream>

#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/diagnostic_json.hpp"
#include "cmd/trunkform/views/diagnostic_text.hpp"

namespace trunkform::cli {
namespace {

views::Colours colours_for(World& world, bool no_colour, Terminal terminal) {
  const auto variable = world.environment.variable("NO_COLOR");
  const bool refused = no_colour || (variable && !variable->empty());
  return terminal == Terminal::yes && !refused ? views::Colours::on : views::Colours::off;
}

}  // namespace

Reporter::Reporter(World& world, bool no_colour, Output output)
    : m_world(world),
      m_output(output),
      m_out_style(colours_for(world, no_colour, world.streams.out_is)),
      m_err_style(colours_for(world, no_colour, world.streams.err_is)) {}

void Reporter::show(const Diagnostic& diagnostic) {
  if (diagnostic.severity == Severity::error) ++m_errors;
  static const std::vector<language::SourceFile> k_none;
  const auto& sources = m_sources != nullptr ? *m_sources : k_none;
  if (m_output == Output::json)
    m_world.streams.out << views::diagnostic_json_line(diagnostic, sources, m_world.clock.now()) << '\n';
  else
    m_world.streams.tell(views::diagnostic_text(diagnostic, sources, m_err_style) + '\n');
}

void Reporter::report(const Diagnostics& diagnostics) { report(diagnostics.items()); }

void Reporter::report(const std::vector<Diagnostic>& diagnostics) {
  for (const auto& diagnostic : diagnostics) show(diagnostic);
}

ExitCode Reporter::fail(const Error& error) {
  show({Severity::error, error});
  return exit_code_of(error);
}

void Reporter::warn(const Error& error) { show({Severity::warning, error}); }

void Reporter::message(const std::string& text) {
  if (m_output == Output::human) m_world.streams.tell(text + '\n');
}

ExitCode exit_code_of(const Error& error) {
  if (is_usage_error(error)) return ExitCode::usage;
  switch (error.code) {
    case ErrorCode::lock_held:
      return ExitCode::lock_held;
    case ErrorCode::fenced:
      return ExitCode::stopped;
    case ErrorCode::cancelled:
      return ExitCode::interrupted;
    default:
      return ExitCode::error;
  }
}

}  // namespace trunkform::cli
