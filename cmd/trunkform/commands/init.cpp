#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "cmd/trunkform/backend_move.hpp"
#include "cmd/trunkform/backend_record.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"
#include "schemas/model/version.hpp"
#include "state/backends/local/paths.hpp"

namespace trunkform::cli {
namespace {

/// A capability of a backend, and what its absence means for the person.
struct CapabilityRow {
  std::string_view name;  ///< in JSON
  bool BackendCapabilities::* member;
  std::string_view with;
  std::string_view without;
};
constexpr CapabilityRow k_capabilities[] = {
    {"append", &BackendCapabilities::append, "each step is recorded before the next, so that a crash loses nothing",
     "events travel in the document: each step writes all of it"},
    {"fence", &BackendCapabilities::fence, "a run that lost its lock cannot write any more",
     "a run that lost its lock may still write"},
    {"cas", &BackendCapabilities::cas, "two runs cannot overwrite each other's state",
     "two runs may overwrite each other's state: keep the lock"},
    {"ttl", &BackendCapabilities::ttl, "the lock of a dead machine runs out by itself",
     "the lock does not run out by time; it ends with its process, or by force-unlock"},
    {"ownership", &BackendCapabilities::ownership, "no two states of this backend can bind the same trunk",
     "another state may bind the same trunk unnoticed"},
    {"pacing", &BackendCapabilities::pacing, "the pace of a carrier holds between runs and workspaces",
     "pacing holds within one run, not between runs or states"},
    {"versions", &BackendCapabilities::versions,
     "earlier states are kept where the bucket keeps versions: trunkform state versions",
     "earlier states are not kept but for the backup: save the folder"},
    {"workspaces", &BackendCapabilities::workspaces, "there may be several workspaces",
     "there is only the workspace default"},
};

/// What -backend-config says.
using Given = std::map<std::string, std::string>;

struct InitReport {
  Diagnostics diagnostics;
  std::size_t files = 0;
  bool is_evaluated = false;  ///< false: `unevaluated` says why
  std::string unevaluated;
  bool lacks_values = false;  ///< of variables, which plan asks for; no mistake
  BackendMove move;
  std::string backend = "local";
  std::string folder;  ///< of the local backend's state, as the configuration says it
  std::string place;   ///< of another's
  std::string workspace;
  BackendCapabilities capabilities;
  std::optional<StateToken> state;
  std::size_t resources = 0;
  std::string trust_file;
  std::size_t trusted_hosts = 0;
  std::size_t trusted_secrets = 0;
  bool is_good() const { return !diagnostics.has_errors(); }
};

Result<> look_at_backend(Frame& frame, const Given& given, InitReport& report) {
  report.move = TRY(settle_backend(frame, given));
  const auto& settings = *TRY(frame.session.backend_settings());
  report.backend = settings.type;
  if (const auto path = settings.arguments.find("path"); settings.type == "local" && path != settings.arguments.end())
    report.folder = path->second;
  report.workspace = TRY(frame.session.workspace());
  auto* backend = TRY(frame.session.backend());
  report.place = backend->place;
  report.capabilities = backend->store->capabilities();
  if (const auto snapshot = TRY(backend->store->load(frame.session.context()))) {
    report.state = snapshot->token;
    report.resources = snapshot->document.resources.size();
  }
  return {};
}

Result<> look_at_trust(Frame& frame, InitReport& report) {
  report.trust_file = engine::Trust::location(frame.world.environment).string();
  const auto* trust = TRY(frame.session.trust());
  report.trusted_hosts = trust->hosts().size();
  report.trusted_secrets = trust->secrets().size();
  return {};
}

bool is_missing_value(const Error& error) {
  return error.summary.starts_with("variable ") && error.summary.ends_with(" has no value");
}

/// The configuration as `validate` judges it: values of variables may come later.
Result<> look_at_configuration(Frame& frame, InitReport& report) {
  auto& session = frame.session;
  TRY(session.read_files());
  const auto files = session.configuration_files();
  report.files = files.size();
  Diagnostics diagnostics;
  const auto inputs = session.variable_inputs(diagnostics);
  report.diagnostics.append(std::move(diagnostics));
  report.diagnostics.append(
      language::validate_configuration(files, inputs, session.function_host(), session.load_options()).diagnostics);
  const auto* loaded = TRY(session.load());
  report.is_evaluated = loaded->configuration.has_value();
  if (report.is_evaluated) return {};
  report.unevaluated = "the configuration has errors";
  if (!report.is_good()) return {};
  // What only evaluation finds: a value that is missing may come later, anything else is a mistake.
  report.lacks_values = true;
  for (const auto& diagnostic : loaded->diagnostics) {
    if (diagnostic.severity != Severity::error || is_missing_value(diagnostic.error)) continue;
    report.lacks_values = false;
    report.diagnostics.add(diagnostic.error);
  }
  if (report.lacks_values) report.unevaluated = "variables have no values yet";
  return {};
}

/// What apply needs, tried without leaving anything: a new file in the folder of the state, and the files that are
/// there opened for writing.
Result<> look_for_room(Frame& frame) {
  if (TRY(frame.session.backend_settings())->type != "local") return {};
  auto& files = frame.world.files;
  const auto paths = state::paths_of(TRY(frame.session.state_folder()), TRY(frame.session.workspace()));
  auto folder = paths.folder;
  while (!folder.empty() && !TRY(files.exists(folder))) folder = folder.parent_path();
  const auto attempt = [&]() -> Result<> {
    const auto probe = folder / fmt::format(".trunkform.init.{}", frame.world.random.uuid());
    TRY(files.replace(probe, {}));
    TRY(files.remove(probe));
    for (const auto& path : {paths.lock, paths.events, paths.state})
      if (TRY(files.exists(path))) TRY(files.open_append(path));
    return {};
  };
  auto tried = attempt();
  if (tried) return {};
  return Error(ErrorCode::denied, "apply could not write here",
               "it keeps the lock, the event log and the state in this folder")
      .hint(fmt::format("run it as the user to whom {} belongs, or let this one write there",
                        (std::filesystem::absolute(folder) / "").lexically_normal().parent_path().string()))
      .because(std::move(tried.error()));
}

InitReport examine(Frame& frame, const Given& given) {
  InitReport report;
  report.unevaluated = "there is no configuration that could be read";
  const auto keep = [&](Result<> result) {
    if (!result) report.diagnostics.add(std::move(result.error()));
  };
  keep(look_at_configuration(frame, report));
  if (report.is_evaluated) keep(look_at_backend(frame, given, report));
  if (report.is_evaluated) keep(look_for_room(frame));
  keep(look_at_trust(frame, report));
  return report;
}

std::string_view next_command(const InitReport& report) {
  if (report.files == 0) return "write main.trunk.json; README.md has an example";
  if (!report.is_good()) return report.is_evaluated ? "trunkform init" : "trunkform validate";
  return report.is_evaluated ? "trunkform plan" : "trunkform plan -var NAME=VALUE";
}

void write_backend(codec::JsonWriter& out, const InitReport& report) {
  out.key("backend");
  if (!report.is_evaluated || report.workspace.empty()) return out.null();
  out.begin_object();
  out.member("type", std::string_view(report.backend));
  out.member("path", std::string_view(report.folder));
  out.member_unless_empty("place", report.place);
  out.member("workspace", std::string_view(report.workspace));
  out.key("state");
  if (report.state) {
    out.begin_object();
    out.member("lineage", std::string_view(report.state->lineage));
    out.member("serial", report.state->serial);
    out.member("resources", report.resources);
    out.end_object();
  } else {
    out.null();
  }
  out.key("migrated");
  out.begin_array();
  for (const auto& [name, state] : report.move.copied) {
    if (state.how == state::CopiedState::How::nothing_there) continue;
    out.begin_object();
    out.member("workspace", std::string_view(name));
    out.member("copied", state.how == state::CopiedState::How::copied);
    out.member("serial", state.serial);
    out.member("resources", state.resources);
    out.member("events", state.events);
    out.end_object();
  }
  out.end_array();
  out.key("capabilities");
  out.begin_object();
  for (const auto& row : k_capabilities) out.member(row.name, report.capabilities.*row.member);
  out.end_object();
  out.end_object();
}

std::string init_json(Frame& frame, const InitReport& report) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.member("trunkform_version", version());
  out.member("valid", report.is_good());
  out.member("files", report.files);
  write_backend(out, report);
  out.key("trust");
  out.begin_object();
  out.member("file", std::string_view(report.trust_file));
  out.member("hosts", report.trusted_hosts);
  out.member("secrets", report.trusted_secrets);
  out.end_object();
  out.member("next", next_command(report));
  write_diagnostics(out, report.diagnostics.items(), frame.session.files());
  out.end_object();
  return out.take();
}

void print_move(std::ostream& out, const BackendMove& move) {
  using How = state::CopiedState::How;
  for (const auto& [name, state] : move.copied) {
    if (state.how == How::nothing_there) continue;
    out << fmt::format("               workspace {}: {}, serial {}: {}\n", name,
                       views::counted(state.resources, "trunk"), state.serial,
                       state.how == How::copied ? fmt::format("copied with {}, read back and compared",
                                                              views::counted(state.events, "event"))
                                                : "is here already");
  }
  for (const auto& name : move.encrypted)
    out << fmt::format(
        "               workspace {}: encrypted; what was written before stays in the clear in its event log\n", name);
  if (move.from)
    out << fmt::format("               the state in {} is as it was{}\n", *move.from,
                       move.copied.empty() ? ", and was not copied" : ": remove it once nobody uses it any more");
}

void print_backend(std::ostream& out, const InitReport& report) {
  if (!report.is_evaluated) {
    out << fmt::format("state          not looked at: {}\n", report.unevaluated);
    return;
  }
  if (report.workspace.empty()) {
    out << fmt::format("state          backend {}: not looked at, see above\n", report.backend);
    return;
  }
  const auto where = report.folder.empty() ? report.place : report.folder;
  out << fmt::format("state          backend {}{}, workspace {}\n", report.backend,
                     where.empty() ? "" : " in " + views::escape_foreign(where), report.workspace);
  if (report.state)
    out << fmt::format("               serial {}, {}\n", report.state->serial,
                       views::counted(report.resources, "trunk"));
  else
    out << "               none yet: the first apply makes it\n";
  print_move(out, report.move);
  for (const auto& row : k_capabilities)
    if (report.capabilities.*row.member) out << fmt::format("               + {}\n", row.with);
  for (const auto& row : k_capabilities)
    if (!(report.capabilities.*row.member)) out << fmt::format("               - {}\n", row.without);
}

void print_init(Frame& frame, const InitReport& report) {
  auto& out = frame.world.streams.out;
  frame.reporter.use_sources(frame.session.files());
  frame.reporter.report(report.diagnostics);
  out << fmt::format("trunkform      {}\n", version());
  out << fmt::format("configuration  {} file{}{}\n", report.files, report.files == 1 ? "" : "s",
                     report.is_good() ? ", valid" : "");
  print_backend(out, report);
  out << fmt::format("trust file     {}: {}, {}\n", views::escape_foreign(report.trust_file),
                     views::counted(report.trusted_hosts, "host"), views::counted(report.trusted_secrets, "secret"));
  if (report.is_good())
    out << '\n' << frame.reporter.out_style().green("Ready.");
  else
    out << "\nNot ready: mend what is above.";
  out << (report.move.wrote ? "" : " Nothing was written.") << " Next: " << next_command(report) << '\n';
}

/// A typing error on the command line is told as one, before anything is looked at.
Result<Given> checked_given(Frame& frame) {
  auto given = TRY(read_given(frame.world.files, frame.world.folder, frame.arguments.list("backend-config")));
  if (const auto configured = frame.session.configured_backend()) TRY(with_given(*configured, given));
  return given;
}

Result<ExitCode> init(Frame& frame) {
  const auto report = examine(frame, TRY(checked_given(frame)));
  if (frame.arguments.on("json"))
    frame.world.streams.out << init_json(frame, report) << '\n';
  else
    print_init(frame, report);
  return report.is_good() ? ExitCode::done : ExitCode::error;
}

}  // namespace

Command init_command() {
  return {
      {"init"},
      "check that this folder is ready: version, configuration, state, trust file",
      "Says what the backend can do and what it means where it cannot, and which command is next. In a shared backend\n"
      "it makes what the state needs and tries whether the backend keeps its promises. Asks no service; running it\n"
      "again is harmless.",
      flags::join(
          {{{"backend-config", FlagKind::list, "an argument of the backend block, or a file of them", "NAME=VALUE"},
            {"migrate-state", FlagKind::toggle, "copy the state from where it was, with its history"},
            {"reconfigure", FlagKind::toggle, "use what the backend has, and leave the state where it was"},
            flags::json(),
            flags::no_color(),
            flags::input()},
           flags::variables()}),
      {},
      framed(init)};
}

}  // namespace trunkform::cli
