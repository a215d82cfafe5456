#pragma once
// One future, from the start to the end, under one assumption about the sources.
#include <map>

#include "planner/forecast/run_ahead.hpp"
#include "planner/forecast/virtual_source.hpp"

namespace trunkform::forecast {

using Sources = std::map<Locator, VirtualSource>;

/// Every binding's source is in `sources`.
Scenario run_scenario(const Input& input, const Renewal& renewal, Sources& sources);

}  // namespace trunkform::forecast
