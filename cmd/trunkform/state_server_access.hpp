#pragma once
// The server of a state behind Terraform's HTTP protocol, as `backend.http` and the operator's environment say.
#include <memory>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "schemas/ports/state_server.hpp"

namespace trunkform::cli {

/// The variables are Terraform's own: TF_HTTP_ADDRESS, TF_HTTP_USERNAME, TF_HTTP_PASSWORD … An address that the
/// environment names is the operator's. Asks nothing of the network. `world` and `trust` are borrowed. Errors:
/// invalid_input (an argument, a client certificate), untrusted (a server that only the configuration names).
Result<std::shared_ptr<StateServer>> open_state_server(World& world, const engine::Trust& trust,
                                                       const language::BackendSettings& backend);

}  // namespace trunkform::cli
