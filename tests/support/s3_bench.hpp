#pragma once
// The kit's bench in a bucket of a real server: S3_HOST and S3_PORT (plain, on this machine), S3_BUCKET, the keys of
// who plans and applies in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
#include <memory>

#include "tests/support/backend_kit/backend_kit.hpp"

namespace trunkform::testing {

/// Throws where something is not said.
std::unique_ptr<BackendBench> make_s3_bench();

}  // namespace trunkform::testing
