#include "cmd/trunkform/service_access.hpp"

#include <fmt/format.h>

#include "providers/genesys/client.hpp"

namespace trunkform::cli {
namespace {

constexpr const char* k_region = "GENESYSCLOUD_REGION";
constexpr const char* k_client_id = "GENESYSCLOUD_OAUTHCLIENT_ID";
constexpr const char* k_client_secret = "GENESYSCLOUD_OAUTHCLIENT_SECRET";
constexpr const char* k_access_token = "GENESYSCLOUD_ACCESS_TOKEN";

Result<genesys::Endpoints> endpoints(World& world, const engine::Trust& trust,
                                     const language::GenesysProvider* provider) {
  if (provider == nullptr) {
    const auto region = world.environment.variable(k_region);
    if (!region || region->empty())
      return Error(ErrorCode::invalid_input, "no service is configured",
                   fmt::format("there is no provider block, and {} is not set", k_region))
          .hint("add \"provider\": {\"genesys\": {\"region\": \"mypurecloud.com\"}} to the configuration");
    return genesys::endpoints_of_region(*region);
  }
  auto found = TRY(genesys::endpoints_of_urls(provider->api_base, provider->login_url));
  for (const auto& url : {found.api, found.token})
    if (auto allowed = trust.allow_host(url, "genesys"); !allowed)
      return std::move(allowed.error()).at(provider->source);
  return found;
}

Result<SecretBuffer> required_secret(World& world) {
  auto secret = world.environment.take_secret(k_client_secret);
  if (secret && !secret->empty()) return std::move(*secret);
  return Error(ErrorCode::denied, "no credentials for the service",
               fmt::format("neither {} nor {} is set, and the provider block names no client_secret", k_client_secret,
                           k_access_token))
      .hint(fmt::format("set {} and {} of an OAuth client (client credentials grant)", k_client_id, k_client_secret))
      .hint(
          "or name a trusted secret: \"client_secret\": {\"env\": \"NAME\"}, and run: trunkform trust add secret env "
          "NAME");
}

Result<> add_credentials(World& world, const language::GenesysProvider* provider,
                         const ProviderSecretReader& read_secret, genesys::Options& options) {
  if (provider != nullptr && provider->client_secret) {
    options.client_secret = TRY(read_secret(*provider->client_secret));
  } else if (auto token = world.environment.take_secret(k_access_token); token && !token->empty()) {
    options.access_token = std::move(*token);
    return {};
  } else {
    options.client_secret = TRY(required_secret(world));
  }
  options.client_id = provider != nullptr && provider->client_id ? *provider->client_id
                                                                 : world.environment.variable(k_client_id).value_or("");
  if (options.client_id.empty())
    return Error(ErrorCode::denied, "no client id for the service",
                 fmt::format("{} is not set, and the provider block has no client_id", k_client_id))
        .hint(fmt::format("set {}", k_client_id));
  return {};
}

}  // namespace

Result<ServiceAccess> open_service(World& world, const engine::Trust& trust, const language::GenesysProvider* provider,
                                   const ProviderSecretReader& read_secret, x509::FactsCache& facts) {
  genesys::Options options;
  options.endpoints = TRY(endpoints(world, trust, provider));
  TRY(add_credentials(world, provider, read_secret, options));
  if (provider != nullptr) {
    options.requests_per_minute = provider->requests_per_minute;
    options.concurrency = provider->concurrency;
    options.timeout = provider->timeout;
    options.retry_budget = provider->retry_budget;
  }
  ServiceAccess access;
  access.base_url = options.endpoints.api;
  access.api = genesys::make_guide_client(std::move(options), world.http, world.clock, world.random, facts);
  return access;
}

}  // namespace trunkform::cli
