#include <fmt/format.h>

#include <ostream>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {
namespace {

Result<Workspaces*> workspaces(Frame& frame) { return TRY(frame.session.backend())->workspaces.get(); }

Result<ExitCode> list(Frame& frame) {
  const auto selected = TRY(frame.session.workspace());
  for (const auto& name : TRY(TRY(workspaces(frame))->list(frame.session.context())))
    frame.world.streams.out << (name == selected ? "* " : "  ") << name << '\n';
  return ExitCode::done;
}

Result<ExitCode> show(Frame& frame) {
  frame.world.streams.out << TRY(frame.session.workspace()) << '\n';
  return ExitCode::done;
}

Result<ExitCode> create(Frame& frame) {
  const auto& name = frame.arguments.positionals().front();
  auto* all = TRY(workspaces(frame));
  TRY(all->create(frame.session.context(), name));
  TRY(all->select(frame.session.context(), name));
  frame.world.streams.out << fmt::format("Created and selected workspace \"{}\". It has a state of its own, which is empty.\n", name);
  return ExitCode::done;
}

Result<ExitCode> select(Frame& frame) {
  const auto& name = frame.arguments.positionals().front();
  TRY(TRY(workspaces(frame))->select(frame.session.context(), name));
  frame.world.streams.out << fmt::format("Selected workspace \"{}\".\n", name);
  return ExitCode::done;
}

Result<ExitCode> remove(Frame& frame) {
  const auto& name = frame.arguments.positionals().front();
  TRY(TRY(workspaces(frame))
          ->remove(frame.session.context(), name,
                   frame.arguments.on("force") ? DeleteWorkspace::with_resources : DeleteWorkspace::only_empty));
  frame.world.streams.out << fmt::format("Deleted workspace \"{}\".\n", name);
  return ExitCode::done;
}

Positional name() { return {"NAME", "the workspace", 1, 1}; }

}  // namespace

std::vector<Command> workspace_commands() {
  return {{{"workspace", "list"}, "the workspaces; a star marks the selected one", {}, {}, {}, framed(list)},
          {{"workspace", "show"}, "the selected workspace", {}, {}, {}, framed(show)},
          {{"workspace", "new"}, "make a workspace and select it", {}, {}, {name()}, framed(create)},
          {{"workspace", "select"}, "work in another workspace", {}, {}, {name()}, framed(select)},
          {{"workspace", "delete"}, "delete a workspace", {},
           {{"force", FlagKind::toggle, "even if its state still has resources"}}, {name()}, framed(remove)}};
}

}  // namespace trunkform::cli
