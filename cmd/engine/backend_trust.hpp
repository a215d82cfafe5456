#pragma once
// Where a configuration may have the state kept.
#include "cmd/engine/trust.hpp"
#include "planner/language/configuration/configuration.hpp"

namespace trunkform::engine {

/// Whether the credentials for a backend may go to the server that its block names. One that it does not name is the
/// environment's, which is the operator's. Error: untrusted, with the command that would allow it.
Result<> allow_backend(const Trust& trust, const language::BackendSettings& backend);

}  // namespace trunkform::engine
