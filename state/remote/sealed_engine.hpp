#pragma once
// An engine whose records go through a seal: what lies in it is encrypted where the configuration has a key, whichever
// engine it is, and no engine knows of it.
#include <memory>

#include "state/remote/engine.hpp"
#include "state/sealing/seal.hpp"

namespace trunkform::state {

std::unique_ptr<Engine> seal_engine(std::unique_ptr<Engine> engine, std::shared_ptr<Seal> seal);

}  // namespace trunkform::state
