#pragma once
// The kit's bench at a real state server: HTTP_STATE_URL, the methods of its lock in HTTP_LOCK_METHOD and
// HTTP_UNLOCK_METHOD, what its lock's address ends in in HTTP_LOCK_PATH; TF_HTTP_USERNAME, TF_HTTP_PASSWORD.
// TRUNKFORM_CA_FILE has the server's authority.
#include <memory>

#include "tests/support/backend_kit/backend_kit.hpp"

namespace trunkform::testing {

/// Throws where something is not said.
std::unique_ptr<BackendBench> make_http_bench();

}  // namespace trunkform::testing
