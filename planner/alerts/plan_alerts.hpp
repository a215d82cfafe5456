#pragma once
// What a plan calls for telling: certificates that run out, drift, quarantine, and the end of what was told before. A
// problem that the run is about to mend is none. Pure.
#include <vector>

#include "planner/alerts/scope.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::alerts {

/// Whether every binding is in the plan: of a part, an address that is not there may be there all the same.
enum class Coverage { whole, part };

struct PlanView {
  const Plan& plan;
  const std::vector<OpenAlert>& open;
  Coverage coverage = Coverage::whole;
  Duration wait{};  ///< what opens within it is not deferred: the run waits
  Instant now{};
};

std::vector<Alert> plan_alerts(const AlertScope& scope, const PlanView& view);

/// The service could not be asked; `why` is the failure.
Alert service_alert(const AlertScope& scope, const Error& why, Instant now);

}  // namespace trunkform::alerts
