#include "cmd/engine/doctor.hpp"

#include <ostream>

#include <fmt/format.h>

#include "cmd/engine/side_by_side.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"
#include "cmd/trunkform/patients.hpp"
#include "cmd/trunkform/views/checkup_view.hpp"

namespace trunkform::cli {
namespace {

Checkup examined(const Context& context, const Patient& patient) {
  auto checkup = patient.examine(context);
  checkup.subject = patient.subject;
  if (checkup.place.empty()) checkup.place = patient.place;
  return checkup;
}

std::vector<Checkup> examine_all(Frame& frame, const std::vector<Patient>& patients) {
  std::vector<Checkup> checkups(patients.size());
  const auto context = frame.session.context();
  engine::side_by_side(frame.session.parallelism(), patients.size(), 1,
                       [&](std::size_t i) { checkups[i] = examined(context, patients[i]); });
  return checkups;
}

std::size_t count_of(const std::vector<Checkup>& checkups, Condition condition) {
  std::size_t count = 0;
  for (const auto& checkup : checkups)
    for (const auto& line : checkup.lines) count += line.condition == condition ? 1U : 0U;
  return count;
}

void write_json(Frame& frame, const std::vector<Checkup>& checkups, const std::vector<Diagnostic>& diagnostics) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.key("checkups");
  out.begin_array();
  for (const auto& checkup : checkups) views::write_checkup(out, checkup, frame.session.files());
  out.end_array();
  write_diagnostics(out, diagnostics, frame.session.files());
  out.end_object();
  frame.world.streams.out << out.take() << '\n';
}

void write_text(Frame& frame, const std::vector<Checkup>& checkups) {
  auto& out = frame.world.streams.out;
  for (const auto& checkup : checkups) out << views::checkup_text(checkup, frame.reporter.out_style()) << '\n';
  const auto bad = count_of(checkups, Condition::bad), warnings = count_of(checkups, Condition::warning);
  out << fmt::format("{} failed, {}.\n", bad, views::counted(warnings, "warning"));
}

Result<ExitCode> doctor(Frame& frame) {
  std::vector<Diagnostic> diagnostics;
  if (!TRY(load_for_document(frame, diagnostics))) return ExitCode::error;
  std::vector<Checkup> checkups;
  auto backend = frame.session.backend();
  checkups.push_back(engine::examine_state(backend ? frame.session.read_state() : backend.error()));
  checkups.back().subject = "state";
  if (const auto name = frame.session.workspace()) checkups.back().place = fmt::format("workspace \"{}\"", *name);
  if (backend && !(*backend)->place.empty()) checkups.back().place = (*backend)->place;
  if (backend) engine::examine_engine(frame.session.context(), **backend, frame.world.clock, checkups.back());
  auto others = examine_all(frame, TRY(patients(frame.world, frame.session)));
  std::move(others.begin(), others.end(), std::back_inserter(checkups));
  if (frame.arguments.on("json"))
    write_json(frame, checkups, diagnostics);
  else
    write_text(frame, checkups);
  return count_of(checkups, Condition::bad) == 0 ? ExitCode::done : ExitCode::error;
}

}  // namespace

Command doctor_command() {
  return {
      {"doctor"},
      "whether all that a run depends on is there: services, credentials, permissions, clocks, sources",
      "Signs in everywhere, reads what a plan reads, and says for each whether it can be reached, who we are there, "
      "what is "
      "missing in the service's own words, and how long the credentials last. Takes no lock and changes nothing. Exit "
      "code 1 where something failed.",
      flags::join({{flags::json(), flags::no_color(), flags::parallelism("so many are examined side by side")},
                   flags::variables()}),
      {},
      framed(doctor)};
}

}  // namespace trunkform::cli
