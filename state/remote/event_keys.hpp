#pragma once
// Keys of events, for engines whose lists come in the order of keys and only forward: the newest come first. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "schemas/model/event.hpp"

namespace trunkform::state {

/// `999999999998-1`: the last part of the key under which events from `first` on are.
std::string event_key(Sequence first);
/// The number of the first event under a key that ends so; none: it is no event's.
std::optional<Sequence> first_event_of(std::string_view key);

}  // namespace trunkform::state
