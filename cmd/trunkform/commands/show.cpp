#include <ostream>

#include <fmt/format.h>

#include "cmd/engine/locking.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/saved_plan.hpp"
#include "cmd/trunkform/views/issue_text.hpp"
#include "cmd/trunkform/views/plan_json.hpp"
#include "cmd/trunkform/views/plan_text.hpp"
#include "cmd/trunkform/views/record_text.hpp"
#include "cmd/trunkform/views/state_json.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> show_plan(Frame& frame, const std::string& name) {
  const auto plan = TRY(read_plan_file(frame.world, frame.session, name));
  auto& out = frame.world.streams.out;
  // As of the plan's own time: what is shown is what `plan` showed when the file was written.
  if (frame.arguments.on("json")) {
    out << views::plan_json(plan, plan.created) << '\n';
    return ExitCode::done;
  }
  views::PlanTextOptions options;
  options.style = frame.reporter.out_style();
  options.now = plan.created;
  options.advice = views::Advice::left_out;
  out << fmt::format("Plan of {}, for {} ({}):\n\n", to_rfc3339(std::chrono::floor<std::chrono::seconds>(plan.created)),
                     views::escape_foreign(plan.organisation.name), views::escape_foreign(plan.service))
      << views::plan_text(plan, options);
  if (count(plan, plan.created).changes())
    out << fmt::format("\nTo carry out exactly these actions, run:\n    trunkform apply {}\n",
                       shell_double_quoted(name));
  report_plan_errors(plan, frame.reporter);
  return ExitCode::done;
}

void print_outputs(Frame& frame, const StateDocument& document) {
  if (document.outputs.empty()) return;
  auto& out = frame.world.streams.out;
  out << "Outputs:\n";
  for (const auto& [name, output] : document.outputs)
    out << "  " << name << " = " << (output.sensitive ? "(sensitive value)" : views::escape_foreign(output.json))
        << '\n';
}

Result<ExitCode> show_state(Frame& frame) {
  // The state's folder may be the configuration's to say; a state can be shown while the configuration is broken.
  const auto loaded = frame.session.load();
  if (!loaded && loaded.error().code != ErrorCode::not_found) return loaded.error();
  const auto read = TRY(frame.session.read_state());
  const auto& state = read.snapshot;
  auto& out = frame.world.streams.out;
  if (frame.arguments.on("json")) {
    out << views::state_json(state ? &state->document : nullptr) << '\n';
    return ExitCode::done;
  }
  if (!state) {
    out << "There is no state yet: nothing was applied here.\n";
    return ExitCode::done;
  }
  const auto& style = frame.reporter.out_style();
  const auto now = frame.world.clock.now();
  const auto at_work = read.running ? engine::who_runs(*read.running) : std::string();
  for (const auto& [address, record] : state->document.resources) {
    out << views::record_text(record, style, now);
    if (const auto open = read.open_intents.find(address); open != read.open_intents.end())
      out << views::unfinished_text(open->second, &record, at_work, style, now);
    out << '\n';
  }
  for (const auto& [address, intent] : read.open_intents)
    if (!state->document.resources.contains(address))
      out << views::unfinished_text(intent, nullptr, at_work, style, now) << '\n';
  for (const auto& [address, issue] : state->document.issues)
    out << views::issue_record_text(issue, style, now) << '\n';
  if (state->document.resources.empty() && read.open_intents.empty() && state->document.issues.empty())
    out << "The state is empty: no trunk is managed.\n";
  print_outputs(frame, state->document);
  return ExitCode::done;
}

Result<ExitCode> show_document(Frame& frame) {
  const auto& names = frame.arguments.positionals();
  return names.empty() ? show_state(frame) : show_plan(frame, names.front());
}

}  // namespace

Command show_command() {
  return {
      {"show"},
      "the state, or a saved plan, for people or as JSON",
      "Without a file: what the state knows of every trunk. With one: the plan, as it was when it was saved. Asks no\n"
      "service and takes no lock.",
      flags::join({{flags::json(), flags::no_color()}, flags::variables()}),
      {{"PLANFILE", "a file that plan -out wrote", 0, 1}},
      framed(show_document)};
}

}  // namespace trunkform::cli
