#pragma once
// From the provider block and the operator's environment to an authenticated client of the service. The one place that
// decides which credentials are used and whether they may go there (docs/security.md).
#include <functional>
#include <memory>
#include <string>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "providers/x509/facts_cache.hpp"

namespace trunkform::cli {

struct ServiceAccess {
  std::unique_ptr<TrunkApi> api;
  std::string base_url;
};

using ProviderSecretReader = std::function<Result<SecretBuffer>(const language::Secret&)>;

/// `provider` may be null: region and credentials come from the conventional environment then.
Result<ServiceAccess> open_service(World& world, const engine::Trust& trust, const language::GenesysProvider* provider,
                                   const ProviderSecretReader& read_secret, x509::FactsCache& facts);

}  // namespace trunkform::cli
