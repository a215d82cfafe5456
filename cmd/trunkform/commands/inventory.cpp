#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/views/certificate_json.hpp"
#include "cmd/trunkform/views/certificate_rows.hpp"
#include "cmd/trunkform/views/reason_text.hpp"
#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"

namespace trunkform::cli {
namespace {

/// A trunk, and who looks after it: nobody is what gets forgotten.
struct Row {
  const LiveTrunk* trunk = nullptr;
  std::string owner{};      ///< address in the state, else in the configuration; empty: none
  bool is_managed = false;  ///< the state has it
  bool is_configured = false;
  const char* remark() const {
    if (owner.empty()) return "";
    if (!is_managed) return " (not applied yet)";
    return is_configured ? "" : " (no longer configured)";
  }
};

std::vector<Row> rows(const engine::Gathered& gathered, const std::vector<Binding>& bindings) {
  const diff::TrunkIndex index(gathered.trunks);
  const auto managed = engine::managed_trunks(gathered.state);
  std::map<TrunkId, std::string> owners;
  for (const auto& binding : bindings) {
    const auto found = index.look_up(binding.trunk, engine::recorded(gathered.state, binding.address));
    if (found.trunk != nullptr) owners.emplace(found.trunk->id, to_string(binding.address));
  }
  std::vector<Row> all;
  all.reserve(gathered.trunks.size());
  for (const auto& trunk : gathered.trunks) {
    Row row{&trunk};
    const auto configured = owners.find(trunk.id);
    const auto recorded = managed.find(trunk.id);
    row.is_configured = configured != owners.end();
    row.is_managed = recorded != managed.end();
    if (row.is_configured) row.owner = configured->second;
    if (row.is_managed) row.owner = to_string(recorded->second);
    all.push_back(std::move(row));
  }
  const auto end_of = [](const Row& row) {
    return row.trunk->certificate.chain ? row.trunk->certificate.chain->least_not_after() : Instant::max();
  };
  std::stable_sort(all.begin(), all.end(), [&](const Row& a, const Row& b) { return end_of(a) < end_of(b); });
  return all;
}

void write_json(Frame& frame, const std::vector<Row>& all, const std::vector<Diagnostic>& diagnostics) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.key("trunks");
  out.begin_array();
  for (const auto& row : all) {
    out.begin_object();
    out.member("id", std::string_view(row.trunk->id.value));
    out.member("name", std::string_view(row.trunk->name));
    out.member("status", std::string_view(row.trunk->status));
    out.key("address");
    if (row.owner.empty())
      out.null();
    else
      out.value(std::string_view(row.owner));
    out.member("managed", row.is_managed);
    out.key("certificate");
    views::write_chain_facts(out, row.trunk->certificate.chain.get());
    out.end_object();
  }
  out.end_array();
  write_diagnostics(out, diagnostics, frame.session.files());
  out.end_object();
  frame.world.streams.out << out.take() << '\n';
}

void write_text(Frame& frame, const std::vector<Row>& all) {
  auto& out = frame.world.streams.out;
  const auto& style = frame.reporter.out_style();
  const auto now = frame.world.clock.now();
  std::size_t unmanaged = 0;
  for (const auto& row : all) {
    const auto* chain = row.trunk->certificate.chain.get();
    unmanaged += row.is_managed ? 0U : 1U;
    out << views::fit(views::escape_foreign(row.trunk->name), 28) << ' '
        << views::fit(views::escape_foreign(row.trunk->id.value), 36) << ' '
        << views::fit(views::escape_foreign(row.trunk->status), 14) << ' '
        << views::fit(chain != nullptr ? views::expiry_text(chain->least_not_after(), now) : "no certificate seen", 30)
        << ' ' << views::fit(chain != nullptr ? views::names_text(chain->leaf(), 1) : "", 28) << ' '
        << (row.owner.empty() ? style.yellow("(no configuration owns it)")
                              : views::escape_foreign(row.owner) + style.yellow(row.remark()))
        << '\n';
  }
  out << fmt::format("{}, {} managed, {} not.\n", views::counted(all.size(), "trunk"), all.size() - unmanaged,
                     unmanaged);
}

std::optional<Error> of_another_organisation(const StateDocument& state, const Organisation& now) {
  if (!state.organisation || diff::is_organisation_of(*state.organisation, now)) return std::nullopt;
  auto error = diff::explain_wrong_organisation(*state.organisation, now);
  error.detail += " These are the trunks of the latter; none of them is held against this state and configuration.";
  return error;
}

Result<ExitCode> inventory(Frame& frame) {
  std::vector<Diagnostic> diagnostics;
  if (!TRY(load_for_document(frame, diagnostics))) return ExitCode::error;
  auto* backend = TRY(frame.session.backend());
  auto gathered = TRY(engine::gather(
      frame.session.context(), *TRY(frame.session.api()), *backend->store, *backend->log, *TRY(frame.session.sources()),
      frame.world.tls, {.bindings = {}, .probing = engine::Probing::where_needed, .parallelism = 1, .progress = {}}));
  std::optional<Error> elsewhere;
  if (gathered.state) elsewhere = of_another_organisation(gathered.state->document, gathered.organisation);
  // Ids and names there say nothing about the trunks of this configuration: a managed one would seem safe.
  static const std::vector<Binding> k_none;
  if (elsewhere) gathered.state.reset();
  const auto all = rows(gathered, elsewhere ? k_none : frame.session.configuration().bindings);
  for (const auto& diagnostic : gathered.diagnostics) report_into(frame, diagnostics, diagnostic);
  if (elsewhere) report_into(frame, diagnostics, {Severity::error, *elsewhere});
  if (frame.arguments.on("json"))
    write_json(frame, all, diagnostics);
  else
    write_text(frame, all);
  return elsewhere ? ExitCode::error : ExitCode::done;
}

}  // namespace

Command inventory_command() {
  return {{"inventory"},
          "every trunk of the organisation, with its certificate, owned or not",
          "What ends first comes first. A trunk that no configuration owns is what expires unseen. Managed is what the "
          "state "
          "has, as for `trunkform drift`.",
          flags::join({{flags::json(), flags::no_color()}, flags::variables()}),
          {},
          framed(inventory)};
}

}  // namespace trunkform::cli
