#pragma once
// One trunk in a step runner's hands, and what its steps share. Inside this room only.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cmd/engine/step_runner.hpp"

namespace trunkform::engine {

struct StepRunner::Trunk {
  const PlannedChange* change = nullptr;
  const ResourceRecord* prior = nullptr;
  const PlannedChange* peer = nullptr;
  Place place;                   ///< of its carrier, where that is paced
  std::optional<Identity> live;  ///< as the check saw it
  std::string status_before;
  std::shared_ptr<const KeyPair> pair;
  ResourceRecord record;   ///< what the state will hold
  bool has_begun = false;  ///< a step beyond the carrier's pace was made
  bool committed = false;
  bool foreign = false;
  bool intends_to_leave = false;  ///< the intent of a rollback is durable, and open
  bool settles = false;
  std::optional<DueRollback> due;
  std::optional<Failure> failure;  ///< what is bound was seen to be wrong, and when first
  std::vector<SeenEvent> seen;     ///< since the intent, not durable yet
  TrunkResult result;

  const VerifyPolicy& verify() const { return change->binding->verify; }
  void saw(Instant at, EventBody body) { seen.push_back({at, std::move(body)}); }
  Expected expected() const { return {record.chain->identity, record.as_read}; }
  Report fail_with(Error error, Report report = Report::fail) {
    if (error.address.empty()) error.address = to_string(change->address);
    result.message = to_line(error);
    result.error = std::move(error);
    return report;
  }
  Report is_wrong(Instant now, Error error) {
    fail_with(std::move(error));
    failure = Failure{now, result.message, status_before};
    return Report::fail;
  }
};

/// Only what the service certainly refused, or never saw, closes an intent. All else may have gone through.
bool certainly_nothing_changed(ErrorCode code);

Error lock_lost_error();

/// For how long from now a place of the carrier is taken for a trunk: longer than its next step can take and the rest
/// after it, so that nobody gets the place of a trunk in a slow service, and a run that died does not hold it for ever.
Duration hold_of(const Binding& binding, const TrunkApi& api);

}  // namespace trunkform::engine
