#pragma once
// Private keys in files that others may read or replace, told alike by plan, apply and doctor (docs/decisions/0390).
#include <vector>

#include "cmd/engine/issuing_places.hpp"
#include "cmd/engine/sources.hpp"
#include "schemas/model/checkup.hpp"
#include "schemas/model/diagnostic.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::engine {

/// Of all sources that bindings use, and of the stores and issuers of what is issued: each finding once, and of many
/// the first ones with the number of the others. Asks no service. `places` may be null, where nothing is issued.
std::vector<Diagnostic> key_warnings(Sources& sources, IssuingPlaces* places, const std::vector<Binding>& bindings,
                                     const std::vector<IssueRequest>& issued);

/// For doctor. What the checkup says already is not said again.
void tell_exposures(Checkup& checkup, KeyExposures exposures);

}  // namespace trunkform::engine
