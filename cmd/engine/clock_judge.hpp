#pragma once
// Whether this machine's clock can be relied upon: windows, `min_age` and expiry are judged by it. Pure.
#include <optional>
#include <string_view>

#include "schemas/model/diagnostic.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::engine {

/// `difference`: the clock of `whose` ("the service") minus ours. An error over five minutes, a warning over one.
std::optional<Diagnostic> judge_clock(Duration difference, std::string_view whose);

}  // namespace trunkform::engine
