#pragma once
// A `certificate.issued` and an issuer, looked at without a change: whether the store may be written to and can be
// asked and what it has; whether the issuer answers and would sign. Thread-safe for different ones.
#include "cmd/engine/issuing_places.hpp"
#include "cmd/engine/sources.hpp"
#include "schemas/model/checkup.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::engine {

Checkup examine_issuing(const Context& context, IssuingPlaces& places, Sources& sources, const IssueRequest& request);

/// Once for all that it signs.
Checkup examine_issuer(const Context& context, IssuingPlaces& places, const Locator& locator);

}  // namespace trunkform::engine
