#pragma once
// The Kubernetes cluster that a run is in, as its pod is told: the address by the environment, the account by a folder
// that the kubelet keeps.
#include <memory>

#include "cmd/trunkform/world.hpp"
#include "providers/cloud/kubernetes/client.hpp"

namespace trunkform::cli {

/// Opens nothing on the network. A configuration has no say in where the account's token goes. Error: invalid_input
/// outside of a cluster.
Result<std::unique_ptr<cloud::kubernetes::Client>> open_kubernetes(World& world);

}  // namespace trunkform::cli
