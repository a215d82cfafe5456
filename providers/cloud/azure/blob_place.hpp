#pragma once
// Where a container of blobs is. Pure.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::cloud::azure {

struct BlobPlace {
  std::string address;    ///< the service's, without a slash at its end
  std::string container;  ///< `ops-state`
  std::string shown;      ///< for messages: `opsstate.blob.core.windows.net/ops-state`
};

/// `account`: a name in the public cloud; or `endpoint`, the whole address of a blob service, which may have a path:
/// one of the two, the other empty. Error: invalid_input, without saying where it was written.
Result<BlobPlace> blob_place(std::string_view account, std::string_view endpoint, std::string_view container);

}  // namespace trunkform::cloud::azure
