#pragma once
// Another document in the place of the one in use, for repairs.
#include <optional>
#include <string>

#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {

/// Under the lock. `next` gets a serial above both; what the log has by now counts as folded in, and no intent as open.
/// `current`: what is there; none: nothing, or nothing that can be read. `why`: for the history. Its serial. Errors: of
/// trunks that are another state's, conflict, fenced.
Result<std::uint64_t> replace_state(Frame& frame, state::Backend& backend, const Fence& fence,
                                    const std::optional<Snapshot>& current, StateDocument next, std::string why);

}  // namespace trunkform::cli
