#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/kept_states.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::cli {
namespace {

std::string json_of(const std::vector<StateVersion>& versions) {
  codec::JsonWriter json;
  json.begin_object();
  json.key("versions");
  json.begin_array();
  for (const auto& version : versions) {
    json.begin_object();
    json.member("id", std::string_view(version.id));
    json.member("written", version.written);
    if (version.document) {
      json.member("serial", version.document->serial);
      json.member("lineage", std::string_view(version.document->lineage));
      json.member("resources", version.document->resources.size());
    } else {
      json.member("error", std::string_view(to_line(version.document.error())));
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

Result<ExitCode> state_versions(Frame& frame) {
  const auto most = static_cast<std::size_t>(std::stoul(frame.arguments.value("limit")));
  const auto versions = TRY(TRY(kept_states(frame))->list(frame.session.context(), most));
  auto& out = frame.world.streams.out;
  if (frame.arguments.on("json")) {
    out << json_of(versions);
    return ExitCode::done;
  }
  if (versions.empty()) {
    frame.reporter.message("There is no state yet: nothing was applied here.");
    return ExitCode::done;
  }
  for (const auto& version : versions)
    out << fmt::format("{}  {}  {}\n", version.id, to_rfc3339(version.written),
                       version.document ? fmt::format("serial {}, {}", version.document->serial,
                                                      views::counted(version.document->resources.size(), "resource"))
                                        : "cannot be read: " + to_line(version.document.error()));
  if (versions.size() == 1)
    frame.reporter.message(
        "There is only the one in use. Where more were written, the place keeps no versions: switch versioning on "
        "there.");
  return ExitCode::done;
}

}  // namespace

Command state_versions_command() {
  return {{"state", "versions"},
          "list the earlier states that the backend keeps",
          "The newest first, with the one in use. A backend keeps them where its place does: a bucket of S3 with "
          "versioning switched on.",
          {{"limit", FlagKind::value, "at most so many", "N", "10", FlagForm::number, 1, 200}, flags::json()},
          {},
          framed(state_versions)};
}

}  // namespace trunkform::cli
