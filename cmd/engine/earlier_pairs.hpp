#pragma once
// Who keeps earlier pairs, told where one is gone.
#include <string>

#include "schemas/model/locator.hpp"

namespace trunkform::engine {

/// What to do so that a source of this kind still has what it offered before; `issued` where it is a store of ours.
std::string how_to_keep_earlier(const Locator& source, bool issued);

}  // namespace trunkform::engine
