#include "cmd/trunkform/container_access.hpp"

#include "cmd/trunkform/azure_access.hpp"
#include "cmd/trunkform/wait_notice.hpp"
#include "providers/cloud/azure/blob_container.hpp"

namespace trunkform::cli {

Result<std::shared_ptr<BlobStore>> open_container(World& world, const engine::Trust& trust,
                                                  const language::BackendSettings& backend) {
  const auto said = [&](const char* name) {
    const auto found = backend.arguments.find(name);
    return found == backend.arguments.end() ? std::string() : found->second;
  };
  cloud::azure::BlobOptions options;
  options.place = TRY(cloud::azure::blob_place(said("storage_account"), said("endpoint"), said("container")));
  TRY(trust.allow_host(options.place.address, "azure"));
  options.identity = TRY(azure_identity(world, trust, nullptr, nullptr));
  options.calls.on_wait = tells_of_tries(world);
  return std::make_shared<cloud::azure::BlobContainer>(std::move(options), world.http, world.clock, world.random);
}

}  // namespace trunkform::cli
