#include "cmd/trunkform/drift_report.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"
#include "planner/diff/words.hpp"

namespace trunkform::cli {
namespace {

using TrunksById = std::unordered_map<std::string_view, const LiveTrunk*>;

std::string_view word_of(Drift::Kind kind) {
  switch (kind) {
    case Drift::Kind::certificate:
      return "certificate";
    case Drift::Kind::trunk_renamed:
      return "trunk_renamed";
    case Drift::Kind::trunk_missing:
      return "trunk_missing";
    case Drift::Kind::status:
      break;
  }
  return "status";
}

using diff::in_short;

/// What the port serves, and what an interrupted apply bound, are certificates to a plan.
Drift::Kind kind_of(std::string_view word) {
  for (const auto kind : {Drift::Kind::trunk_renamed, Drift::Kind::trunk_missing, Drift::Kind::status})
    if (word == word_of(kind)) return kind;
  return Drift::Kind::certificate;
}

/// The diff judges no binding that was removed from the configuration; the state still has it.
void judge_unconfigured(DriftRow& row, const TrunksById& trunks) {
  const auto& record = *row.record;
  const auto found = trunks.find(record.trunk_id.value);
  if (found == trunks.end()) {
    row.items.push_back(
        {"trunk_missing", fmt::format("trunk \"{}\" ({}) is gone", record.trunk_name, record.trunk_id.value)});
    return;
  }
  const auto& live = found->second->certificate;
  if (live.is_certificate() && !record.is_live_as(live.chain->identity))
    row.items.push_back({"certificate", diff::live_instead(*live.chain, *record.chain, record.bound_at)});
  if (live.kind == Sighting::Kind::none)
    row.items.push_back(
        {"certificate", "no certificate is live; " + diff::state_recorded(*record.chain, record.bound_at)});
}

/// State and trunk differ, but nobody else changed anything: the diff left it out.
void judge_unfinished(DriftRow& row, const engine::Gathered& gathered) {
  const auto open = gathered.open_intents.find(row.change->address);
  const auto& live = row.change->before;
  if (open == gathered.open_intents.end() || live == nullptr || row.record->is_live_as(live->identity)) return;
  const auto& bound = open->second.record;
  if (bound.is_live_as(live->identity))
    row.items.push_back(
        {"unfinished",
         fmt::format("live is {}; an interrupted apply bound it; `trunkform apply` finishes it", in_short(*live))});
}

/// What the port serves while the API shows what was recorded: the service may serve an older one until it restarts.
void judge_served(DriftRow& row, const engine::Gathered& gathered) {
  if (!row.change->trunk_id || row.change->evidence != Evidence::api) return;
  const auto served = gathered.served.find(*row.change->trunk_id);
  if (served == gathered.served.end() || !served->second.is_certificate()) return;
  const auto& chain = *served->second.chain;
  const bool is_live = row.change->before != nullptr && row.change->before->identity.leaf == chain.identity.leaf;
  if (!is_live) row.served_ends = chain.least_not_after();
  if (!is_live && chain.identity.leaf != row.record->chain->identity.leaf)
    row.items.push_back({"served", fmt::format("the port serves {}; state recorded {}", in_short(chain),
                                               in_short(*row.record->chain))});
}

DriftRow row_of(const PlannedChange& change, const ResourceRecord& record, const engine::Gathered& gathered,
                const TrunksById& trunks) {
  DriftRow row{&change, &record, {}};
  row.is_changing = gathered.in_hand.contains(change.address);
  if (row.is_changing) return row;
  for (const auto& drift : change.drift) row.items.push_back({std::string(word_of(drift.kind)), drift.message});
  if (!change.binding) judge_unconfigured(row, trunks);
  judge_unfinished(row, gathered);
  judge_served(row, gathered);
  row.is_missing =
      std::any_of(row.items.begin(), row.items.end(), [](const auto& item) { return item.kind == "trunk_missing"; });
  const bool was_seen = change.evidence == Evidence::api || change.evidence == Evidence::wire;
  row.is_unknown = row.items.empty() && !was_seen;
  return row;
}

/// Other gates are about the next write, not about what changed.
bool keeps_from_judging(Gate gate) { return gate == Gate::wrong_organisation || gate == Gate::trunk_ambiguous; }

Error unseen(const DriftRow& row) {
  return Error(ErrorCode::unavailable, "nobody can see which certificate the trunk has",
               fmt::format(
                   "The API does not show the certificate of trunk \"{}\", and no port was looked at or answered.",
                   row.record->trunk_name))
      .of(to_string(row.change->address))
      .hint(
          "give the binding `verify.tls` with the address of its SIP TLS port, and run this where that can be reached");
}

/// What stops the next write, or calls for one, is not what changed: it is told, and does not fail the look.
void tell_of_next_write(PlannedChange& change) {
  change.notes.push_back("warning: for the next apply: " + change.error->summary);
  change.error.reset();
  change.gate = Gate::none;
}

}  // namespace

void add_drift(Plan& plan, const engine::Gathered& gathered) {
  const auto report = drift_report(plan, gathered);
  std::map<Address, std::vector<Drift>> found;
  for (const auto& row : report.rows)
    for (const auto& item : row.items) found[row.change->address].push_back({kind_of(item.kind), item.message});
  std::set<Address> unseen_ones;
  for (const auto& row : report.rows)
    if (row.is_unknown) unseen_ones.insert(row.change->address);
  for (auto& change : plan.changes) {
    const auto judged = found.find(change.address);
    if (judged != found.end()) change.drift = judged->second;
    const bool is_judged = !keeps_from_judging(change.gate) && !unseen_ones.contains(change.address);
    if (change.error && is_judged) tell_of_next_write(change);
  }
  for (const auto& row : report.rows)
    if (row.is_unknown && !row.change->error) plan.diagnostics.push_back({Severity::error, unseen(row)});
}

bool DriftRow::is_due() const {
  return change->health == Health::due || change->health == Health::critical || change->health == Health::expired;
}

DriftReport drift_report(const Plan& plan, const engine::Gathered& gathered) {
  DriftReport report;
  // Ids and names there say nothing about the trunks of this state: they would seem to be gone, or changed.
  if (const auto* pinned = gathered.pinned();
      pinned != nullptr && !diff::is_organisation_of(*pinned, gathered.organisation)) {
    auto error = diff::explain_wrong_organisation(*pinned, gathered.organisation);
    error.detail += " Nothing was judged: what is there says nothing about the trunks of this state.";
    report.errors.push_back(std::move(error));
    report.is_elsewhere = true;
    return report;
  }
  TrunksById trunks;
  for (const auto& trunk : gathered.trunks) trunks.emplace(trunk.id.value, &trunk);
  const auto& records = engine::records_of(gathered.state);
  const auto managed = engine::managed_trunks(gathered.state);
  for (const auto& change : plan.changes) {
    if (keeps_from_judging(change.gate) && change.error) {
      report.errors.push_back(*change.error);
      continue;
    }
    const auto record = records.find(change.address);
    if (record == records.end()) {
      report.summary.not_applied += change.binding ? 1U : 0U;
      continue;
    }
    report.rows.push_back(row_of(change, record->second, gathered, trunks));
  }
  auto& summary = report.summary;
  summary.trunks = gathered.trunks.size();
  for (const auto& trunk : gathered.trunks)
    if (!managed.contains(trunk.id)) report.unmanaged.push_back(&trunk);
  summary.unmanaged = report.unmanaged.size();
  summary.managed = summary.trunks - summary.unmanaged;
  for (const auto& row : report.rows) {
    summary.missing += row.is_missing ? 1U : 0U;
    summary.drifted += row.has_drifted() ? 1U : 0U;
    summary.unknown += row.is_unknown ? 1U : 0U;
    summary.due += row.is_due() ? 1U : 0U;
    summary.changing += row.is_changing ? 1U : 0U;
    if (row.is_unknown) report.errors.push_back(unseen(row));
  }
  return report;
}

}  // namespace trunkform::cli
