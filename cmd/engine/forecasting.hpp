#pragma once
// From what was gathered to the forecast: the same judgement as a plan's, then planner/forecast runs it ahead.
#include "cmd/engine/planning.hpp"
#include "planner/forecast/run_ahead.hpp"

namespace trunkform::engine {

struct ForecastRequest {
  const PlanRequest& plan;  ///< its selection counts; overrides and mode do not
  Instant end{};
  forecast::Renewal renewal{};
  forecast::Assumptions assumptions{};  ///< `requests_per_plan` is counted here
};

/// `gathered` must outlive the call only.
forecast::Forecast make_forecast(const Context& context, Sources& sources, const Gathered& gathered,
                                 const ForecastRequest& request, Instant now);

}  // namespace trunkform::engine
