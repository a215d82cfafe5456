#pragma once
// The kit's bench in a real etcd: ETCD_PORT of 127.0.0.1, without TLS, so that a proxy can see what it cuts; who plans
// and applies is ETCDCTL_USER with ETCDCTL_PASSWORD, and may use keys beneath `trunkform/` alone.
#include <memory>

#include "tests/support/backend_kit/backend_kit.hpp"

namespace trunkform::testing {

/// Throws where something is not said.
std::unique_ptr<BackendBench> make_etcd_bench();

}  // namespace trunkform::testing
