#include "cmd/engine/doctor.hpp"

#include <algorithm>
#include <ostream>
#include <set>

#include <fmt/format.h>

#include "cmd/engine/issuing_checkup.hpp"
#include "cmd/engine/side_by_side.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"
#include "cmd/trunkform/views/checkup_view.hpp"
#include "providers/cloud/vault/checkup.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::cli {
namespace {

using Examination = std::function<Checkup(const Context&)>;

/// Of what could not even be opened: nothing trusted, no credentials.
Examination not_opened(Error error) {
  return [error = std::move(error)](const Context&) {
    Checkup checkup;
    checkup.bad(error);
    return checkup;
  };
}

Examination of_service(Session& session) {
  auto api = session.api();
  if (!api) return not_opened(std::move(api.error()));
  return [api = *api](const Context& context) { return engine::examine_service(context, *api); };
}

Examination of_vault(Session& session) {
  auto client = session.vault();
  if (!client) return not_opened(std::move(client.error()));
  return [client = *client](const Context& context) {
    auto checkup = cloud::vault::examine(context, *client);
    engine::examine_clock(checkup, client->clock_difference());
    return checkup;
  };
}

Examination of_aws(Session& session) {
  auto access = session.aws_access();
  if (!access) return not_opened(std::move(access.error()));
  return [access = *access](const Context& context) { return access->examine(context); };
}

/// Whether anything of the configuration is read from, written to or signed by one of these types.
bool uses(const language::Configuration& configuration, std::initializer_list<std::string_view> types) {
  const auto is_one = [&](const Locator& locator) {
    return std::find(types.begin(), types.end(), locator.type) != types.end();
  };
  return std::any_of(configuration.certificates.begin(), configuration.certificates.end(),
                     [&](const auto& declaration) { return is_one(*declaration.locator); }) ||
         std::any_of(configuration.issued.begin(), configuration.issued.end(),
                     [&](const auto& request) { return is_one(request.issuer) || is_one(request.store); });
}

/// One binding for each declaration of a source; what is issued has a checkup of its own.
std::vector<const Binding*> declared(const std::vector<Binding>& bindings) {
  std::vector<const Binding*> distinct;
  std::set<std::string_view> seen;
  for (const auto& binding : bindings)
    if (!is_issue_address(binding.certificate) && seen.insert(binding.certificate).second) distinct.push_back(&binding);
  return distinct;
}

struct Patient {
  std::string subject;
  std::string place;
  Examination examine;
};

Result<std::vector<Patient>> patients(Frame& frame) {
  auto& session = frame.session;
  const auto& configuration = session.configuration();
  std::vector<Patient> all;
  auto service = of_service(session);
  all.push_back({"provider.genesys", session.service(), std::move(service)});
  if (configuration.vault || uses(configuration, {"vault_kv", "vault_pki"}))
    all.push_back({"provider.vault", {}, of_vault(session)});
  if (configuration.aws || uses(configuration, {"aws_secretsmanager", "acm"}))
    all.push_back({"provider.aws", {}, of_aws(session)});
  auto* sources = TRY(session.sources());
  if (!configuration.issued.empty()) {
    auto* places = TRY(session.issuing_places());
    std::set<std::string_view> issuers;
    for (const auto& request : configuration.issued)
      if (issuers.insert(request.issuer_address).second)
        all.push_back({request.issuer_address, {}, [places, &request](const Context& context) {
                         return engine::examine_issuer(context, *places, request.issuer);
                       }});
    for (const auto& request : configuration.issued)
      all.push_back({request.address, to_string(request.store), [places, sources, &request](const Context& context) {
                       return engine::examine_issuing(context, *places, *sources, request);
                     }});
  }
  for (const auto* binding : declared(configuration.bindings))
    all.push_back({binding->certificate, to_string(*binding->locator),
                   [sources, binding, now = frame.world.clock.now()](const Context& context) {
                     return engine::examine_source(context, *sources, *binding, now);
                   }});
  return all;
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the analyzer loses what std::function holds

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
  auto others = examine_all(frame, TRY(patients(frame)));
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
