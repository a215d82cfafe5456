#pragma once
// The stores that this program has, by the type of their locator: one line each in registry.cpp. Thread-safe.
#include <functional>
#include <memory>

#include "providers/cloud/aws/client.hpp"
#include "providers/cloud/azure/client.hpp"
#include "providers/cloud/vault/client.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/secret_store.hpp"

namespace trunkform::stores {

/// The services that stores write to, opened when the first asks; borrowed. Errors: no such provider block, nothing
/// trusted, no credentials.
struct Services {
  std::function<Result<cloud::vault::Client*>()> vault{};
  std::function<Result<cloud::azure::Client*>(const cloud::azure::VaultPlace&)> azure{};
  std::function<Result<cloud::aws::Client*>()> aws{};
};

/// What a store is made of. Borrowed things outlive every store.
struct Surroundings {
  FileSystem& files;
  Clock& clock;
  Path base;  ///< relative paths of arguments are relative to this
  const Services& services;
};

/// Versions that a store keeps, the current one among them, where its block does not say.
inline constexpr std::size_t k_keep = 10;

/// Errors: invalid_input (unknown type, missing or unknown argument). Asks nobody.
Result<std::unique_ptr<SecretStore>> make_store(const Locator& locator, const Surroundings& surroundings);

}  // namespace trunkform::stores
