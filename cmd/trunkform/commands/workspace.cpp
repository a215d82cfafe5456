#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/usage.hpp"

namespace trunkform::cli {
namespace {

/// These commands are the way out where the chosen workspace is not there.
Result<Workspaces*> workspaces(Frame& frame) {
  frame.session.allow_new_workspace();
  return TRY(frame.session.backend())->workspaces.get();
}

/// What cannot be a workspace's name is a mistake on the command line; one that is not there is none.
Result<> named(Result<> done) {
  if (!done && done.error().code == ErrorCode::invalid_input) return usage_error(std::move(done.error()));
  return done;
}

Result<ExitCode> list_workspaces(Frame& frame) {
  auto* all = TRY(workspaces(frame));
  const auto selected = TRY(frame.session.workspace());
  const auto names = TRY(all->list(frame.session.context()));
  for (const auto& name : names) frame.world.streams.out << (name == selected ? "* " : "  ") << name << '\n';
  if (std::find(names.begin(), names.end(), selected) == names.end())
    frame.reporter.message(
        fmt::format("The selected workspace {} is not there: trunkform workspace select NAME", selected));
  return ExitCode::done;
}

Result<ExitCode> show_workspace(Frame& frame) {
  frame.world.streams.out << TRY(frame.session.workspace()) << '\n';
  return ExitCode::done;
}

Result<ExitCode> create_workspace(Frame& frame) {
  const auto& name = frame.arguments.positionals().front();
  auto* all = TRY(workspaces(frame));
  TRY(named(all->create(frame.session.context(), name)));
  TRY(all->select(frame.session.context(), name));
  frame.world.streams.out << fmt::format(
      "Created and selected workspace \"{}\". It has a state of its own, which is empty.\n", name);
  return ExitCode::done;
}

Result<ExitCode> select_workspace(Frame& frame) {
  const auto& name = frame.arguments.positionals().front();
  TRY(named(TRY(workspaces(frame))->select(frame.session.context(), name)));
  frame.world.streams.out << fmt::format("Selected workspace \"{}\".\n", name);
  return ExitCode::done;
}

Result<ExitCode> remove_workspace(Frame& frame) {
  const auto& name = frame.arguments.positionals().front();
  TRY(named(TRY(workspaces(frame))
                ->remove(frame.session.context(), name,
                         frame.arguments.on("force") ? DeleteWorkspace::with_resources : DeleteWorkspace::only_empty)));
  frame.world.streams.out << fmt::format("Deleted workspace \"{}\".\n", name);
  return ExitCode::done;
}

Positional workspace_name() { return {"NAME", "the workspace", 1, 1}; }

}  // namespace

std::vector<Command> workspace_commands() {
  return {
      {{"workspace", "list"}, "the workspaces; a star marks the selected one", {}, {}, {}, framed(list_workspaces)},
      {{"workspace", "show"}, "the selected workspace", {}, {}, {}, framed(show_workspace)},
      {{"workspace", "new"}, "make a workspace and select it", {}, {}, {workspace_name()}, framed(create_workspace)},
      {{"workspace", "select"}, "work in another workspace", {}, {}, {workspace_name()}, framed(select_workspace)},
      {{"workspace", "delete"},
       "delete a workspace",
       {},
       {{"force", FlagKind::toggle, "even if its state still has resources"}},
       {workspace_name()},
       framed(remove_workspace)}};
}

}  // namespace trunkform::cli
