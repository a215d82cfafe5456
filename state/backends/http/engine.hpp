#pragma once
// The engine of states behind Terraform's HTTP protocol: one document a workspace, written under the server's lock
// alone. The protocol has no condition: before each write the document is read, and has to be what this holder saw
// last; after it, it is read back. Between reading and writing a window remains, for who writes without the lock.
#include <memory>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/state_server.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state::http {

/// The ports are borrowed.
std::unique_ptr<Engine> open_engine(const std::string& workspace, std::shared_ptr<StateServer> server, Clock& clock,
                                    Random& random);

}  // namespace trunkform::state::http
