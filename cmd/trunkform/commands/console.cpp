#include <istream>
#include <ostream>

#include "cmd/trunkform/approval.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/views/value_text.hpp"
#include "planner/language/expression/evaluate.hpp"

namespace trunkform::cli {
namespace {

constexpr const char* k_console = "<console>";

/// The configuration's names, with what the console alone has: `type(x)`.
class ConsoleNames final : public language::Scope {
 public:
  explicit ConsoleNames(const language::Scope& inner) : m_inner(inner) {}
  Result<language::Resolution> resolve(const language::Reference& reference) const override {
    return m_inner.resolve(reference);
  }
  FunctionHost* host() const override { return m_inner.host(); }
  std::optional<Instant> now() const override { return m_inner.now(); }
  language::Setting setting() const override { return language::Setting::console; }

 private:
  const language::Scope& m_inner;
};

std::string_view without_blanks(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

/// Whether the whole line is one `type(…)`: its result is shown as a type, not as a string in quotes.
bool is_type_call(std::string_view line) {
  if (!line.starts_with("type") || !line.ends_with(')')) return false;
  const auto open = line.find_first_not_of(" \t", 4);
  if (open == std::string_view::npos || line[open] != '(') return false;
  // Its own closing bracket is the last one exactly when what is within is an expression of its own.
  const auto inner = line.substr(open + 1, line.size() - open - 2);
  return language::parse_expression(inner, language::Origin(SourceRange{k_console, {}, {}}, inner)).has_value();
}

/// `text` begins at `start` of what was typed so far.
Result<std::string> answer_to(std::string_view text, const SourcePosition& start, const language::Scope& scope) {
  const language::Origin origin(SourceRange{k_console, start, start}, text);
  const auto value = TRY(language::evaluate(TRY(language::parse_expression(text, origin)), scope));
  if (is_type_call(text) && value.is_known() && !value.is_sensitive()) return value.as_string();
  return views::value_text(value);
}

Result<language::ConsoleScope> open_scope(Frame& frame) {
  auto& session = frame.session;
  // Expressions need no configuration: in an empty folder the console is a calculator.
  if (auto read = session.read_files(); !read && read.error().code != ErrorCode::not_found) return read.error();
  const auto files = session.configuration_files();
  Diagnostics diagnostics;
  const auto inputs = session.variable_inputs(diagnostics);
  auto console = language::open_console(files, inputs, session.function_host(), session.load_options());
  frame.reporter.use_sources(session.files());
  frame.reporter.report(diagnostics);
  frame.reporter.report(console.diagnostics);
  return console;
}

Result<ExitCode> console(Frame& frame) {
  const auto opened = TRY(open_scope(frame));
  const ConsoleNames scope(*opened.scope);
  auto& streams = frame.world.streams;
  const bool interactive = streams.in_is == Terminal::yes;
  const LeaveOnSignal leaving(frame.world);
  std::size_t failed = 0;
  auto sources = frame.session.files();
  auto& typed = sources.emplace_back(language::SourceFile{k_console, {}}).bytes;  // so that a message can show the line
  frame.reporter.use_sources(sources);
  std::string line;
  for (std::uint32_t number = 1; !frame.world.stop.stop_requested(); ++number) {
    if (interactive) streams.out << "> " << std::flush;
    if (!std::getline(streams.in, line)) {
      if (interactive) streams.out << '\n';
      break;
    }
    const auto begin = typed.size();
    typed += line + '\n';
    const auto text = without_blanks(line);
    if (text.empty() || text.starts_with('#') || text.starts_with("//")) continue;
    if (text == "exit" || text == "quit") break;
    const auto indent = static_cast<std::size_t>(text.data() - line.data());
    const SourcePosition start{number, static_cast<std::uint32_t>(indent + 1), begin + indent};
    if (const auto answer = answer_to(text, start, scope)) {
      streams.out << *answer << '\n' << std::flush;
    } else {
      ++failed;
      (void)frame.reporter.fail(answer.error());
    }
  }
  if (interactive) return ExitCode::done;
  if (frame.world.stop.stop_requested()) return ExitCode::interrupted;
  return failed > 0 ? ExitCode::error : ExitCode::done;
}

}  // namespace

Command console_command() {
  return {
      {"console"},
      "evaluate expressions with the configuration's variables, locals and blocks",
      "On a terminal it asks for one expression after another; exit, quit or Ctrl-D ends it. Otherwise it reads one\n"
      "expression a line from standard input, and goes on after one that fails: exit code 1 then.\n"
      "type(X) shows the type of X. Asks no service and takes no lock.",
      flags::join({{flags::no_color()}, flags::variables()}),
      {},
      framed(console)};
}

}  // namespace trunkform::cli
