#include <algorithm>
#include <istream>
#include <iterator>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/authored_file.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/json_format.hpp"
#include "cmd/trunkform/line_diff.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "planner/language/json/parse.hpp"

namespace trunkform::cli {
namespace {

namespace fs = std::filesystem;

bool is_ours(const std::string& name) { return name.ends_with(".trunk.json") || name.ends_with(".trunkvars.json"); }

/// What came of all files.
struct FmtRun {
  Frame& frame;
  std::size_t changed = 0;
  std::size_t failed = 0;
};

Result<> add_folder(const Frame& frame, const Path& shown, std::vector<Path>& files) {
  const auto folder = frame.world.folder / shown;
  for (const auto& name : TRY(frame.world.files.list(folder))) {
    std::error_code ignored;
    const auto status = fs::symlink_status(folder / name, ignored);
    // Hidden folders (.git, .terraform) are nobody's configuration; links may lead in circles.
    if (fs::is_directory(status) && frame.arguments.on("recursive") && !name.starts_with('.'))
      TRY(add_folder(frame, shown / name, files));
    else if (is_ours(name) && !fs::is_directory(status))
      files.push_back(shown / name);
  }
  return {};
}

Result<std::vector<Path>> files_of(const Frame& frame) {
  std::vector<Path> files;
  if (frame.arguments.positionals().empty()) TRY(add_folder(frame, {}, files));
  for (const auto& name : frame.arguments.positionals()) {
    std::error_code ignored;
    if (fs::is_directory(frame.world.folder / name, ignored))
      TRY(add_folder(frame, name, files));
    else
      files.emplace_back(name);
  }
  return files;
}

/// None: it cannot be read as JSON; what is wrong was shown, with the line.
std::optional<std::string> formatted(FmtRun& run, const std::string& name, const std::string& bytes) {
  const auto parsed = language::parse_json(name, bytes);
  if (!parsed.diagnostics.has_errors() && parsed.document) return format_json(*parsed.document);
  const std::vector<language::SourceFile> sources{{name, bytes}};
  run.frame.reporter.use_sources(sources);
  run.frame.reporter.report(parsed.diagnostics);
  run.frame.reporter.use_sources(run.frame.session.files());
  ++run.failed;
  return std::nullopt;
}

/// Where a file is a link, what it leads to is written; who may read it stays as it was.
Result<> write_back(const Frame& frame, const Path& path, const std::string& text) {
  std::error_code problem;
  const auto target = fs::canonical(path, problem);
  if (problem) return Error(ErrorCode::io, fmt::format("cannot find {} again: {}", path.string(), problem.message()));
  const auto mode = static_cast<unsigned>(fs::status(target, problem).permissions()) & 0777U;
  if (problem)
    return Error(ErrorCode::io, fmt::format("cannot read the mode of {}: {}", path.string(), problem.message()));
  return frame.world.files.replace(target, text, mode);
}

Result<> format_file(FmtRun& run, const Path& shown) {
  const auto& frame = run.frame;
  const auto path = frame.world.folder / shown;
  const auto bytes = TRY(read_authored(frame.world.files, frame.world.folder, shown, language::k_json_bytes + 1));
  const auto text = formatted(run, shown.string(), bytes);
  if (!text || *text == bytes) return {};
  ++run.changed;
  auto& out = frame.world.streams.out;
  out << views::escape_foreign(shown.string()) << '\n';
  if (frame.arguments.on("diff")) out << unified_diff(bytes, *text, shown.string(), frame.reporter.out_style());
  if (frame.arguments.on("check")) return {};
  return write_back(frame, path, *text);
}

ExitCode exit_code_of_run(const FmtRun& run) {
  if (run.failed > 0) return ExitCode::error;
  return run.changed > 0 && run.frame.arguments.on("check") ? ExitCode::not_formatted : ExitCode::done;
}

ExitCode format_standard_input(Frame& frame) {
  FmtRun run{frame};
  auto& streams = frame.world.streams;
  const std::string bytes{std::istreambuf_iterator<char>(streams.in), {}};
  const auto text = formatted(run, "<stdin>", bytes);
  if (text && *text != bytes) ++run.changed;
  if (text && frame.arguments.on("diff"))
    streams.out << unified_diff(bytes, *text, "<stdin>", frame.reporter.out_style());
  else if (text && !frame.arguments.on("check"))
    streams.out << *text;
  return exit_code_of_run(run);
}

Result<ExitCode> format_files(Frame& frame) {
  const auto& names = frame.arguments.positionals();
  if (names.size() == 1 && names.front() == "-") return format_standard_input(frame);
  FmtRun run{frame};
  for (const auto& file : TRY(files_of(frame)))
    if (const auto done = format_file(run, file); !done) {
      ++run.failed;
      (void)frame.reporter.fail(done.error());
    }
  return exit_code_of_run(run);
}

}  // namespace

Command fmt_command() {
  return {
      {"fmt"},
      "give configuration files their one layout",
      "Formats the *.trunk.json and *.trunkvars.json of the folder, or the files and folders that are named, and\n"
      "prints the names of those that changed. Order, comments, numbers and strings stay as they are written. A file\n"
      "that is not valid JSON is reported and left alone.\n"
      "Exit code: 0, 1 where a file could not be formatted, with -check 3 where one is not formatted.",
      {{"check", FlagKind::toggle, "change nothing; exit code 3 where something is not formatted"},
       {"diff", FlagKind::toggle, "show what changes"},
       {"recursive", FlagKind::toggle, "folders within folders too"},
       flags::no_color()},
      {{"PATH", "a file, a folder, or - for standard input to standard output", 0, k_unbounded}},
      framed(format_files)};
}

}  // namespace trunkform::cli
