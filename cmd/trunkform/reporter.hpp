#pragma once
// Errors and warnings on their way to people: to stderr, with the line of the configuration and a caret, or as JSON.
// Remembers the worst, for the exit code. Not thread-safe.
#include <optional>
#include <string>
#include <vector>

#include "cmd/trunkform/views/text_style.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "schemas/model/diagnostic.hpp"
#include "schemas/model/run.hpp"

namespace trunkform::cli {

enum class Output { human, json };

class Reporter {
 public:
  /// `-no-color`, NO_COLOR and the terminal decide about colours; `-json` about the form.
  Reporter(World& world, bool no_colour, Output output);

  void use_sources(const std::vector<language::SourceFile>& files) { m_sources = &files; }
  void report(const Diagnostics& diagnostics);
  void report(const std::vector<Diagnostic>& diagnostics);
  /// Shows the error and returns the exit code that it calls for.
  ExitCode fail(const Error& error);
  void warn(const Error& error);
  void message(const std::string& text);  ///< a line on stderr; nothing under `-json`

  bool had_errors() const { return m_errors > 0; }
  Output output() const { return m_output; }
  /// For stdout and for stderr: colours where that stream is a terminal.
  const views::TextStyle& out_style() const { return m_out_style; }
  const views::TextStyle& err_style() const { return m_err_style; }

 private:
  World& m_world;
  Output m_output;
  views::TextStyle m_out_style;
  views::TextStyle m_err_style;
  const std::vector<language::SourceFile>* m_sources = nullptr;
  std::size_t m_errors = 0;

  void show(const Diagnostic& diagnostic);
};

/// What a failure means for the process.
ExitCode exit_code_of(const Error& error);

}  // namespace trunkform::cli
