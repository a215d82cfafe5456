#pragma once
// The container of a state, as `backend.azblob` and the operator's environment say.
#include <memory>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "schemas/ports/blob_store.hpp"

namespace trunkform::cli {

/// With credentials of its own: the environment's, as provider.azure of a configuration may need the state's backend to
/// be read first. Asks nothing of the network. `world` and `trust` are borrowed. Errors: invalid_input (an argument),
/// untrusted (an account that the operator does not name).
Result<std::shared_ptr<BlobStore>> open_container(World& world, const engine::Trust& trust,
                                                  const language::BackendSettings& backend);

}  // namespace trunkform::cli
