#pragma once
// A `certificate.issued`, looked at without a change: whether its store may be written to and can be asked, whether its
// issuer may be asked, what the store has. Thread-safe for different requests.
#include "cmd/engine/issuing_places.hpp"
#include "cmd/engine/sources.hpp"
#include "schemas/model/checkup.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::engine {

Checkup examine_issuing(const Context& context, IssuingPlaces& places, Sources& sources, const IssueRequest& request);

}  // namespace trunkform::engine
