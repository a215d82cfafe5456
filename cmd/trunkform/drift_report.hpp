#pragma once
// What changed outside since the state was written, address by address, with driftctl's summary. A certificate that is
// due is no drift: it is mentioned. Pure.
#include <optional>
#include <string>
#include <vector>

#include "cmd/engine/gather.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::cli {

struct DriftItem {
  std::string kind;  ///< `certificate`, `trunk_renamed`, `trunk_missing`, `status`, `served`, `unfinished`
  std::string message;
};

/// One address of the state.
struct DriftRow {
  const PlannedChange* change = nullptr;
  const ResourceRecord* record = nullptr;
  std::vector<DriftItem> items;
  bool is_missing = false;               ///< its trunk is gone
  bool is_unknown = false;               ///< nobody saw what is on the trunk
  bool is_changing = false;              ///< a run that is at work has it in hand: nothing was judged
  std::optional<Instant> served_ends{};  ///< of what the port serves, where that is not what is live
  bool is_due() const;
  bool has_drifted() const { return !items.empty(); }
};

struct DriftSummary {
  std::size_t trunks = 0;   ///< of the organisation
  std::size_t managed = 0;  ///< of those, the ones that the state has
  std::size_t unmanaged = 0;
  std::size_t missing = 0;  ///< addresses whose trunk is gone
  std::size_t drifted = 0;  ///< addresses with drift, missing ones included
  std::size_t unknown = 0;
  std::size_t changing = 0;  ///< in the hand of a run that is at work
  std::size_t due = 0;
  std::size_t not_applied = 0;  ///< bindings of the configuration that the state does not have yet
  int coverage() const { return trunks == 0 ? 100 : static_cast<int>(managed * 100 / trunks); }
};

struct DriftReport {
  std::vector<DriftRow> rows;  ///< by address
  std::vector<const LiveTrunk*> unmanaged;
  std::vector<Error> errors;  ///< that keep an address, or all, from being judged
  bool is_elsewhere =
      false;  ///< the credentials are another organisation's: one error, and nothing is judged or counted
  DriftSummary summary;
};

/// Borrows both, which must outlive the report.
DriftReport drift_report(const Plan& plan, const engine::Gathered& gathered);

/// Of `plan -refresh-only`: the same judgement as `drift`, into the plan. What the diff does not look at, an address
/// that is no longer configured, is in it too, and so are the errors that kept an address from being judged.
void add_drift(Plan& plan, const engine::Gathered& gathered);

}  // namespace trunkform::cli
