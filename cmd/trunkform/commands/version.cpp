#include "schemas/model/version.hpp"

#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/world.hpp"
#include "schemas/codec/event_codec.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::cli {
namespace {

ExitCode run_version(World& world, const Arguments& arguments) {
  if (arguments.on("json")) {
    codec::JsonWriter out;
    out.begin_object();
    out.member("trunkform_version", version());
    out.member("state_format", StateDocument::k_format);
    out.member("plan_format", Plan::k_format);
    out.member("event_format", k_event_format);
    out.end_object();
    world.streams.out << out.take() << '\n';
  } else {
    world.streams.out << fmt::format("trunkform {}\nformats of files: state {}, event log {}, saved plan {}\n",
                                     version(), StateDocument::k_format, k_event_format, Plan::k_format);
  }
  return ExitCode::done;
}

}  // namespace

Command version_command() {
  return {{"version"}, "show the version", {}, {{"json", FlagKind::toggle, "as a JSON document"}}, {}, run_version};
}

}  // namespace trunkform::cli
