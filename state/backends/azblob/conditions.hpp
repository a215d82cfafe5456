#pragma once
// Whether a server keeps to what the state rests upon: Azure does, and what only speaks like it may not.
#include <string>

#include "state/backends/azblob/blobs.hpp"

namespace trunkform::state::azblob {

/// Tries it with blobs of its own whose names begin with `name`, which it removes again. Error: unsupported, with what
/// does not hold.
Result<> probe_conditions(const Context& context, Blobs& blobs, const std::string& name, Duration lease);

}  // namespace trunkform::state::azblob
