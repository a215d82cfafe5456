#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"
#include "schemas/model/version.hpp"

namespace trunkform::cli {
namespace {

/// A capability of a backend, and what its absence means for the person.
struct CapabilityRow {
  std::string_view name;
  bool BackendCapabilities::* member;
  std::string_view without;
};
constexpr CapabilityRow k_capabilities[] = {
    {"append", &BackendCapabilities::append, "events travel in the document: a crash is noticed wave by wave"},
    {"fence", &BackendCapabilities::fence, "a run that lost its lock may still write"},
    {"cas", &BackendCapabilities::cas, "two runs may overwrite each other's state: keep the lock"},
    {"ttl", &BackendCapabilities::ttl,
     "the lock does not run out by time; it ends with its process, or by force-unlock"},
    {"ownership", &BackendCapabilities::ownership, "another state may bind the same trunk unnoticed"},
    {"pacing", &BackendCapabilities::pacing, "pacing holds within one run, not between runs or states"},
    {"versions", &BackendCapabilities::versions, "earlier states are not kept but for the backup: save the folder"},
    {"workspaces", &BackendCapabilities::workspaces, "there is only the workspace default"},
};

struct InitReport {
  Diagnostics diagnostics;
  std::size_t files = 0;
  bool is_evaluated = false;  ///< false: values of variables are missing, which plan asks for
  std::string backend = "local";
  std::string folder;  ///< of the local backend's state, as the configuration says it
  std::string workspace;
  BackendCapabilities capabilities;
  std::optional<StateToken> state;
  std::size_t resources = 0;
  std::string trust_file;
  std::size_t trusted_hosts = 0;
  std::size_t trusted_secrets = 0;
  bool is_good() const { return !diagnostics.has_errors(); }
};

Result<> look_at_backend(Frame& frame, InitReport& report) {
  const auto& loaded = frame.session.loaded();
  if (loaded.configuration) {
    const auto& settings = loaded.configuration->backend;
    report.backend = settings.type;
    if (const auto path = settings.arguments.find("path"); path != settings.arguments.end())
      report.folder = path->second;
  }
  report.workspace = TRY(frame.session.workspace());
  auto* backend = TRY(frame.session.backend());
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

/// The configuration as `validate` judges it: values of variables may come later.
Result<> look_at_configuration(Frame& frame, InitReport& report) {
  auto& session = frame.session;
  TRY(session.read_files());
  const auto files = session.files();
  report.files = files.size();
  Diagnostics diagnostics;
  const auto inputs = session.variable_inputs(diagnostics);
  report.diagnostics.append(std::move(diagnostics));
  report.diagnostics.append(
      language::validate_configuration(files, inputs, session.function_host(), session.load_options()));
  report.is_evaluated = TRY(session.load())->configuration.has_value();
  return {};
}

InitReport examine(Frame& frame) {
  InitReport report;
  const auto keep = [&](Result<> result) {
    if (!result) report.diagnostics.add(std::move(result.error()));
  };
  keep(look_at_configuration(frame, report));
  if (report.is_evaluated) keep(look_at_backend(frame, report));
  keep(look_at_trust(frame, report));
  return report;
}

std::string_view next_command(const InitReport& report) {
  if (!report.is_good()) return "trunkform validate";
  return report.is_evaluated ? "trunkform plan" : "trunkform plan -var NAME=VALUE";
}

void write_backend(codec::JsonWriter& out, const InitReport& report) {
  out.key("backend");
  if (!report.is_evaluated) return out.null();
  out.begin_object();
  out.member("type", std::string_view(report.backend));
  out.member("path", std::string_view(report.folder));
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

void print_backend(std::ostream& out, const InitReport& report) {
  if (!report.is_evaluated) {
    out << "state          not looked at: variables have no values yet\n";
    return;
  }
  out << fmt::format("state          backend {}{}, workspace {}\n", report.backend,
                     report.folder.empty() ? "" : " in " + views::escape_foreign(report.folder), report.workspace);
  if (report.state)
    out << fmt::format("               serial {}, {} trunks\n", report.state->serial, report.resources);
  else
    out << "               none yet: the first apply makes it\n";
  std::string has;
  for (const auto& row : k_capabilities)
    if (report.capabilities.*row.member) has += fmt::format("{}{}", has.empty() ? "" : ", ", row.name);
  out << "               it can: " << has << '\n';
  for (const auto& row : k_capabilities)
    if (!(report.capabilities.*row.member))
      out << fmt::format("               it lacks {}: {}\n", row.name, row.without);
}

void print_init(Frame& frame, const InitReport& report) {
  auto& out = frame.world.streams.out;
  frame.reporter.use_sources(frame.session.files());
  frame.reporter.report(report.diagnostics);
  out << fmt::format("trunkform      {}\n", version());
  out << fmt::format("configuration  {} file{}{}\n", report.files, report.files == 1 ? "" : "s",
                     report.is_good() ? ", valid" : "");
  print_backend(out, report);
  out << fmt::format("trust file     {}: {} hosts, {} secrets\n", views::escape_foreign(report.trust_file),
                     report.trusted_hosts, report.trusted_secrets);
  if (report.is_good())
    out << '\n' << frame.reporter.out_style().green("Ready.") << " Nothing was written. Next: ";
  else
    out << "\nNot ready: mend what is above. Nothing was written. Next: ";
  out << next_command(report) << '\n';
}

Result<ExitCode> init(Frame& frame) {
  const auto report = examine(frame);
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
      "Says what the backend can do and what it means where it cannot, and which command is next. Writes nothing and\n"
      "asks no service; running it again is harmless.",
      flags::join({{flags::json(), flags::no_color(), flags::input()}, flags::variables()}),
      {},
      framed(init)};
}

}  // namespace trunkform::cli
