#pragma once
// Where a bucket is ("Virtual hosting of buckets", Amazon S3 User Guide). Pure.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::cloud::aws {

/// Whether it may be the name of a bucket: nothing else becomes part of a host's name or of a path.
bool is_bucket_name(std::string_view text);

/// `virtual_host`: the bucket in the host's name, which a wildcard certificate covers where the bucket has no dot.
/// `path`: the bucket before the key.
enum class BucketStyle { virtual_host, path };

struct BucketPlace {
  std::string endpoint;  ///< without a slash at its end
  std::string path;      ///< before a key, without a slash at its end: empty or `/ops-state`
  std::string shown;     ///< for messages: `s3.eu-central-1.amazonaws.com/ops-state`
};
/// `endpoint`: the service's, such as `https://s3.eu-central-1.amazonaws.com`. Where it is an address, or the bucket
/// has a dot, the style is `path` in any case. Error: invalid_input.
Result<BucketPlace> bucket_place(const std::string& endpoint, const std::string& bucket, BucketStyle style);

}  // namespace trunkform::cloud::aws
