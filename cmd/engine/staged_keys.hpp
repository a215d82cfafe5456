#pragma once
// Keys that were staged for a request which nobody goes on with. Thread-safe for different ones.
#include <optional>
#include <string>

#include "cmd/engine/issuing_places.hpp"

namespace trunkform::engine {

/// A staged key that could not be removed is of no use to anybody, but it is a key: that is what is told, of `address`.
std::optional<Error> remove_staged_key(const Context& context, IssuingPlaces& places, const Locator& locator,
                                       const std::string& request, const std::string& address);

}  // namespace trunkform::engine
