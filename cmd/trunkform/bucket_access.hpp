#pragma once
// The bucket of a state, as `backend.s3` and the operator's environment say.
#include <memory>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "schemas/ports/object_store.hpp"

namespace trunkform::cli {

/// With credentials of its own: the environment's, as provider.aws of a configuration may need the state's backend to
/// be read first. Asks nothing of the network. `world` and `trust` are borrowed. Errors: invalid_input (an argument, no
/// region), untrusted (a region that is not the operator's).
Result<std::shared_ptr<ObjectStore>> open_bucket(World& world, const engine::Trust& trust,
                                                 const language::BackendSettings& backend);

}  // namespace trunkform::cli
