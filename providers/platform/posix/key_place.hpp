#pragma once
// Who besides the user and root may read a key's file, or put another in its place. Asks the kernel each time; reads no
// file. Thread-safe.
#include "providers/platform/posix/system_calls.hpp"
#include "schemas/model/key_exposure.hpp"

namespace trunkform::platform {

/// Of the file, where it is there, and of each folder on the way to it through links; what cannot be looked at is
/// passed over, for whoever opens the file is told of that. Rights by access control lists are not seen, but for their
/// mask, which the mode shows as the group's.
KeyExposures exposures_of_key(SystemCalls& calls, const Path& file);

}  // namespace trunkform::platform
