#include <ostream>

#include "cmd/trunkform/alerting.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/hook_warnings.hpp"
#include "cmd/trunkform/reporter.hpp"
#include "cmd/trunkform/session.hpp"
#include "cmd/trunkform/views/validate_json.hpp"

namespace trunkform::cli {
namespace {

Result<Diagnostics> validate(const World& world, Session& session) {
  TRY(session.read_files());
  const auto configuration_files = session.configuration_files();
  Diagnostics diagnostics;
  const auto inputs = session.variable_inputs(diagnostics);
  auto validated =
      language::validate_configuration(configuration_files, inputs, session.function_host(), session.load_options());
  diagnostics.append(std::move(validated.diagnostics));
  for (auto& error : check_templates(world, validated.notify)) diagnostics.add(std::move(error));
  warn_of_changed_hooks(world, session, validated.issued, diagnostics);
  return diagnostics;
}

ExitCode run_validate(World& world, const Arguments& arguments) {
  const bool json = arguments.on("json");
  Reporter reporter(world, arguments.on("no-color"), json ? Output::json : Output::human);
  Session session(world, arguments);
  auto checked = validate(world, session);
  Diagnostics diagnostics;
  if (checked)
    diagnostics = std::move(*checked);
  else
    diagnostics.add(std::move(checked.error()));
  if (json) {
    world.streams.out << views::validate_json(diagnostics, session.files()) << '\n';
    return diagnostics.has_errors() ? ExitCode::error : ExitCode::done;
  }
  reporter.use_sources(session.files());
  reporter.report(diagnostics);
  if (diagnostics.has_errors()) return ExitCode::error;
  world.streams.out << reporter.out_style().green("Success!") << " The configuration is valid"
                    << (diagnostics.empty() ? "." : ", with the warnings above.") << '\n';
  return ExitCode::done;
}

}  // namespace

Command validate_command() {
  return {{"validate"},
          "check the configuration without asking any service",
          "Reads every *.trunk.json of the folder, what file() names, and the templates of alerts, which are rendered. "
          "Needs no credentials and no state.",
          flags::join({{flags::json(), flags::no_color()}, flags::variables()}),
          {},
          run_validate};
}

}  // namespace trunkform::cli
