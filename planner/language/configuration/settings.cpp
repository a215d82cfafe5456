#include "planner/language/configuration/settings.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "planner/language/configuration/state_encryption.hpp"
#include "planner/language/configuration/version_constraint.hpp"
#include "schemas/model/region.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::language {
namespace {

void check_version(const Body& body, const std::string& version, Problems& problems) {
  const auto* required = body.find("required_version");
  if (!required || required->is_faulty || !required->value.is(JsonKind::string)) return;
  const auto matches = satisfies(version, required->value.text());
  if (!matches) {
    problems.add(Error(matches.error()).at(required->value.range()));
  } else if (!*matches) {
    problems.add(Error(ErrorCode::unsupported,
                       fmt::format("this is trunkform {}, but {} is required", version, quoted(required->value.text())))
                     .at(required->value.range())
                     .hint("install a version that fits, or change required_version after checking the changelog"));
  }
}

BackendSettings read_backend(const Body& body) {
  BackendSettings backend;
  backend.type = body.schema->type;
  backend.source = body.where.range();
  for (const auto& argument : body.arguments) {
    if (argument.value.is(JsonKind::string)) backend.arguments[argument.schema->name] = argument.value.text();
    if (argument.value.is(JsonKind::boolean))
      backend.arguments[argument.schema->name] = argument.value.boolean() ? "true" : "false";
  }
  return backend;
}

bool read_url(BodyReader& reader, std::string_view name, std::string& target) {
  std::string text;
  if (!reader.read(name, text)) return false;
  const auto url = parse_url(text);
  if (url && !url->has_query) {
    target = url->base();
    return true;
  }
  reader.fail(
      Error(ErrorCode::invalid_input, fmt::format("{} must be an address such as \"https://api.example.com\"", name),
            url ? "it has a query or fragment" : url.error().summary)
          .at(reader.range(name))
          .hint("write scheme, host and, where it must be, port and path; credentials come from the environment"));
  return false;
}

void read_endpoints(BodyReader& reader, GenesysProvider& provider) {
  const bool has_region = reader.has("region");
  const bool has_url = reader.has("base_url");
  if (has_region && has_url)
    return reader.fail(Error(ErrorCode::invalid_input, "region and base_url exclude each other")
                           .at(reader.range("base_url"))
                           .hint("keep region, unless this is a simulator or a proxy"));
  provider.configured_by_region = has_region;
  std::string region;
  if (has_region) {
    const auto& regions = genesys_regions();
    std::size_t index = regions.size();
    if (reader.read("region", region))
      index = static_cast<std::size_t>(std::find(regions.begin(), regions.end(), region) - regions.begin());
    if (!region.empty() && index == regions.size()) {
      auto error = Error(ErrorCode::invalid_input, fmt::format("there is no region {}", quoted(region)),
                         fmt::format("there are {}", fmt::join(regions, ", ")))
                       .at(reader.range("region"));
      if (const auto domain = genesys_region_of(region))
        error.hints.push_back(fmt::format("write {}", quoted(*domain)));
      else
        error = suggest(std::move(error), region, regions);
      reader.fail(std::move(error).hint(
          "credentials are sent only to these; for another address use base_url, which the operator "
          "must trust"));
    }
    provider.api_base = "https://api." + region;
    provider.login_url = "https://login." + region;
  } else if (has_url && read_url(reader, "base_url", provider.api_base)) {
    provider.login_url = provider.api_base;
  }
  read_url(reader, "login_url", provider.login_url);
}

}  // namespace

BackendSettings read_settings(const std::vector<Body>& bodies, const std::string& version, Problems& problems) {
  std::optional<BackendSettings> settings;
  std::optional<StateEncryption> encryption;
  for (const auto& body : bodies) {
    check_version(body, version, problems);
    read_state_encryption(body, encryption, problems);
    const auto* backend = body.block("backend");
    if (!backend) continue;
    for (const auto& found : backend->blocks) {
      if (settings) {
        problems.add(Error(ErrorCode::invalid_input, "there are two backends",
                           fmt::format("the first is at {}", place_of(*settings->source)))
                         .at(found.where.range())
                         .hint("a state lives in one place: remove one"));
        continue;
      }
      settings = read_backend(found);
    }
  }
  auto all = settings.value_or(BackendSettings{});
  all.encryption = std::move(encryption);
  return all;
}

std::optional<GenesysProvider> read_genesys(BodyReader& reader) {
  GenesysProvider provider;
  provider.source = reader.body().where.range();
  read_endpoints(reader, provider);
  if (reader.read_word<std::string>("dialect", provider.dialect, {"guide", "edges"}) && provider.dialect == "edges")
    reader.fail(Error(ErrorCode::unsupported, "the dialect \"edges\" is not supported in this version")
                    .at(reader.range("dialect"))
                    .hint("write \"guide\", or leave it out"));
  reader.read("client_id", provider.client_id);
  reader.read("client_secret", provider.client_secret);
  reader.read("requests_per_minute", provider.requests_per_minute);
  reader.read("concurrency", provider.concurrency);
  reader.read("timeout", provider.timeout);
  reader.read("retry_budget", provider.retry_budget);
  if (!reader.is_complete()) return std::nullopt;
  return provider;
}

void refuse_second_method(BodyReader& reader, const Body& block) {
  reader.fail(Error(ErrorCode::invalid_input, "auth names two methods", "a run logs in once")
                  .at(block.where.range())
                  .hint("keep one of them"));
}

namespace {

struct VaultMethod {
  std::string_view block;
  VaultProvider::Method method;
  std::string_view role;    ///< the argument; empty: it has none
  std::string_view secret;  ///< the argument
};

constexpr std::array<VaultMethod, 5> k_vault_methods{{
    {"token", VaultProvider::Method::token, "", "token"},
    {"approle", VaultProvider::Method::approle, "role_id", "secret_id"},
    {"kubernetes", VaultProvider::Method::kubernetes, "role", "jwt"},
    {"jwt", VaultProvider::Method::jwt, "role", "jwt"},
    {"cert", VaultProvider::Method::cert, "role", "private_key"},
}};

void read_vault_auth(BodyReader& reader, const Body& auth, VaultProvider& provider) {
  for (const auto& method : k_vault_methods) {
    const auto* block = auth.block(method.block);
    if (block == nullptr) continue;
    if (provider.method) return refuse_second_method(reader, *block);
    auto nested = reader.within(*block);
    provider.method = method.method;
    if (!method.role.empty()) {
      provider.mount = method.block;
      nested.read("mount", provider.mount);
      nested.read(method.role, provider.role);
    }
    nested.read(method.secret, provider.secret);
    if (method.method == VaultProvider::Method::cert) nested.read("certificate", provider.certificate);
    reader.merge(nested);
  }
  if (!provider.method)
    reader.fail(Error(ErrorCode::invalid_input, "auth names no method")
                    .at(auth.where.range())
                    .hint("write one of token, approle, kubernetes, jwt and cert, or leave auth out: then the "
                          "environment's VAULT_TOKEN or BAO_TOKEN counts"));
}

}  // namespace

std::optional<VaultProvider> read_vault(BodyReader& reader) {
  VaultProvider provider;
  provider.source = reader.body().where.range();
  read_url(reader, "address", provider.address);
  std::string name_space;
  if (reader.read("namespace", name_space)) provider.name_space = std::move(name_space);
  if (const auto* auth = reader.body().block("auth")) read_vault_auth(reader, *auth, provider);
  if (!reader.is_complete()) return std::nullopt;
  return provider;
}

std::optional<AwsProvider> read_aws(BodyReader& reader) {
  AwsProvider provider;
  provider.source = reader.body().where.range();
  reader.read("region", provider.region);
  reader.read("profile", provider.profile);
  if (const auto* role = reader.body().block("assume_role")) {
    auto nested = reader.within(*role);
    nested.read("role_arn", provider.role_arn);
    nested.read("session_name", provider.session_name);
    nested.read("external_id", provider.external_id);
    reader.merge(nested);
  }
  if (!reader.is_complete()) return std::nullopt;
  return provider;
}

}  // namespace trunkform::language
