#pragma once
// What stands at a mount where a key/value engine is looked for. Thread-safe.
#include <optional>
#include <string>

#include "providers/cloud/vault/client.hpp"

namespace trunkform::cloud::vault {

struct Mount {
  std::string type;     ///< `kv`, `pki`
  std::string version;  ///< of a key/value engine: `1`, `2`
};

/// By `sys/internal/ui/mounts/MOUNT`, which answers whoever may do something there; none: it was not told.
std::optional<Mount> mount_at(const Context& context, Client& client, const std::string& mount);

/// Where a read of a secret was answered 404: that the mount is to blame, by the service's own words, and what to do.
/// None: the mount is what it should be, or nobody can tell. `version`: the one that was spoken to. Error: unsupported.
std::optional<Error> wrong_mount(const Context& context, Client& client, const std::string& mount,
                                 const std::string& version, const HttpResponse& answer);

}  // namespace trunkform::cloud::vault
