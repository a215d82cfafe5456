#pragma once
// Changing what all workspaces of a backend share, among everybody who does so at once.
#include <functional>
#include <optional>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/random.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state {

/// What is to stand there instead of `text` (none: nothing was ever written); none: it may stay. Called again with what
/// another wrote meanwhile, so it must come to the same where its own change is there already.
using Edit = std::function<Result<std::optional<std::string>>(const std::optional<std::string>& text)>;

/// Errors: `edit`'s; conflict, where others were faster each time for many times.
Result<> change_shared(const Context& context, Engine& engine, Clock& clock, Random& random, Shared what,
                       const Edit& edit);

/// The text alone.
Result<std::optional<std::string>> read_shared(const Context& context, Engine& engine, Shared what);

}  // namespace trunkform::state
