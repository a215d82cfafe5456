#pragma once
// The etcd cluster of a state, as `backend.etcd` and the operator's environment say.
#include <memory>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "schemas/ports/key_value_store.hpp"

namespace trunkform::cli {

/// The variables are etcdctl's own: ETCDCTL_ENDPOINTS, ETCDCTL_USER, ETCDCTL_PASSWORD, ETCDCTL_CACERT, ETCDCTL_CERT and
/// ETCDCTL_KEY. A member that the block names must be trusted (`etcd`); one of the environment is the operator's. Asks
/// nothing of the network. Errors: invalid_input, untrusted, those of reading the files.
Result<std::shared_ptr<KeyValueStore>> open_cluster(World& world, const engine::Trust& trust,
                                                    const language::BackendSettings& backend);

}  // namespace trunkform::cli
