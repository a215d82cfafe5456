#pragma once
// The kit's bench in a container of a real server: AZBLOB_ENDPOINT (https), AZBLOB_CONTAINER, and in AZBLOB_TOKEN a
// token of who plans and applies. TRUNKFORM_CA_FILE has the server's authority.
#include <memory>

#include "tests/support/backend_kit/backend_kit.hpp"

namespace trunkform::testing {

/// Throws where something is not said.
std::unique_ptr<BackendBench> make_azblob_bench();

}  // namespace trunkform::testing
