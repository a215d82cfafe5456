#include "cmd/trunkform/service_access.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/variable_words.hpp"
#include "cmd/trunkform/wait_notice.hpp"
#include "providers/genesys/client.hpp"

namespace trunkform::cli {
namespace {

constexpr const char* k_region = "GENESYSCLOUD_REGION";
constexpr const char* k_client_id = "GENESYSCLOUD_OAUTHCLIENT_ID";
constexpr const char* k_client_secret = "GENESYSCLOUD_OAUTHCLIENT_SECRET";
constexpr const char* k_access_token = "GENESYSCLOUD_ACCESS_TOKEN";

/// The operator's own word: no trust file is asked. A `login_url` of the configuration still is, by the caller.
Result<genesys::Endpoints> endpoints_of_environment(World& world, const language::GenesysProvider* provider) {
  const auto region = world.environment.variable(k_region);
  if (!region || region->empty()) {
    Error error(ErrorCode::invalid_input, "no service is configured",
                fmt::format("{}, and {}",
                            provider == nullptr ? "there is no provider block"
                                                : "the provider block has neither region nor base_url",
                            nothing_in(world.environment, {k_region})));
    if (provider != nullptr) error.source = provider->source;
    error.hints.push_back(
        fmt::format("set it to the domain that your browser shows for Genesys Cloud: export "
                    "{}=mypurecloud.com",
                    k_region));
    error.hints.emplace_back("or write it down: \"provider\": {\"genesys\": {\"region\": \"mypurecloud.com\"}}");
    return error;
  }
  auto found = genesys::endpoints_of_region(*region);
  if (!found) {
    auto error = std::move(found.error());
    error.detail = fmt::format("{} says so", k_region);
    return error;
  }
  if (provider != nullptr && !provider->login_url.empty())
    found->token = TRY(genesys::endpoints_of_urls(found->api, provider->login_url)).token;
  return found;
}

Result<genesys::Endpoints> endpoints(World& world, const engine::Trust& trust,
                                     const language::GenesysProvider* provider) {
  const bool by_environment = provider == nullptr || provider->api_base.empty();
  auto found = by_environment ? TRY(endpoints_of_environment(world, provider))
                              : TRY(genesys::endpoints_of_urls(provider->api_base, provider->login_url));
  if (provider == nullptr) return found;
  for (const auto& url : {found.api, found.token})
    if (auto allowed = trust.allow_host(url, "genesys"); !allowed)
      return std::move(allowed.error()).at(provider->source);
  return found;
}

Result<SecretBuffer> required_secret(World& world) {
  auto secret = world.environment.take_secret(k_client_secret);
  if (secret && !secret->empty()) return std::move(*secret);
  return Error(ErrorCode::denied, "no credentials for the service",
               fmt::format("{}, and the provider block names no client_secret",
                           nothing_in(world.environment, {k_client_secret, k_access_token})))
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
    return Error(
               ErrorCode::denied, "no client id for the service",
               fmt::format("{}, and the provider block has no client_id", nothing_in(world.environment, {k_client_id})))
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
  if (world.tell_wait)
    options.on_pace = [tell = world.tell_wait, &clock = world.clock,
                       limit = options.requests_per_minute](Duration wait) {
      if (wait >= k_silent_wait)
        tell(fmt::format("the next request: at most {} a minute are sent (requests_per_minute of provider.genesys)",
                         limit),
             clock.now() + wait);
    };
  options.on_wait = tells_of_tries(world);
  ServiceAccess access;
  access.base_url = options.endpoints.api;
  access.api = genesys::make_guide_client(std::move(options), world.http, world.clock, world.random, facts);
  return access;
}

}  // namespace trunkform::cli
