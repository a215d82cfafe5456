#include "cmd/trunkform/vault_access.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/variable_words.hpp"
#include "cmd/trunkform/wait_notice.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "schemas/model/url.hpp"
#include "schemas/model/vault_path.hpp"

namespace trunkform::cli {
namespace {

using language::VaultProvider;

/// Both programs' words; Vault's come first, as OpenBao reads them too.
std::optional<std::string> variable(const World& world, const std::string& name) {
  for (const auto* program : {"VAULT_", "BAO_"})
    if (auto value = world.environment.variable(program + name); value && !value->empty()) return value;
  return std::nullopt;
}

/// The operator's own address needs no line of the trust file, but plain http is for loopback whoever says it.
Result<std::string> address_of(World& world, const engine::Trust& trust, const VaultProvider* provider) {
  if (provider != nullptr && !provider->address.empty()) {
    if (auto allowed = trust.allow_host(provider->address, "vault"); !allowed)
      return std::move(allowed.error()).at(provider->source);
    return provider->address;
  }
  const auto text = variable(world, "ADDR");
  if (!text) {
    Error error(ErrorCode::invalid_input, "no Vault is configured",
                fmt::format("{}, and {}",
                            provider == nullptr ? "there is no provider.vault block" : "provider.vault has no address",
                            nothing_in(world.environment, {"VAULT_ADDR", "BAO_ADDR"})));
    if (provider != nullptr) error.source = provider->source;
    error.hints.emplace_back("set VAULT_ADDR, such as https://vault.example.com:8200");
    return error;
  }
  const auto url = parse_url(*text);
  if (!url)
    return Error(ErrorCode::invalid_input, fmt::format("VAULT_ADDR is no http or https address"), url.error().summary);
  if (url->scheme == "http" && !is_loopback(url->host))
    return Error(ErrorCode::untrusted, fmt::format("credentials do not go over plain http to {}", url->host),
                 "anybody on the way could read them")
        .hint("use an https:// address");
  return url->base();
}

/// It is a part of every store's place, which the operator trusts: the environment's is no freer than the block's.
Result<std::string> name_space_of(const World& world, const VaultProvider* provider) {
  if (provider != nullptr && provider->name_space) return *provider->name_space;
  for (const auto* name : {"VAULT_NAMESPACE", "BAO_NAMESPACE"}) {
    const auto text = world.environment.variable(name);
    if (!text || text->empty()) continue;
    if (auto why = no_vault_path(*text))
      return Error(ErrorCode::invalid_input, fmt::format("{} is not a path of Vault's: {}", name, cloud::quoted(*text)),
                   std::move(*why))
          .hint("write it out, such as \"team/sip\", or unset it for the root's namespace");
    return std::string(normal_vault_path(*text));
  }
  return std::string();
}

cloud::vault::Method method_of(VaultProvider::Method method) {
  switch (method) {
    case VaultProvider::Method::token:
      return cloud::vault::Method::token;
    case VaultProvider::Method::approle:
      return cloud::vault::Method::approle;
    case VaultProvider::Method::kubernetes:
      return cloud::vault::Method::kubernetes;
    case VaultProvider::Method::cert:
      return cloud::vault::Method::cert;
    case VaultProvider::Method::jwt:
      break;
  }
  return cloud::vault::Method::jwt;
}

Result<SecretBuffer> token_of_environment(World& world) {
  for (const auto* name : {"VAULT_TOKEN", "BAO_TOKEN"})
    if (auto token = world.environment.take_secret(name); token && !token->empty()) return std::move(*token);
  return Error(ErrorCode::denied, "no credentials for Vault",
               "provider.vault has no auth block, and " + nothing_in(world.environment, {"VAULT_TOKEN", "BAO_TOKEN"}))
      .hint("set VAULT_TOKEN, or write an auth block: docs/configuration.md, provider.vault");
}

}  // namespace

Result<std::unique_ptr<cloud::vault::Client>> open_vault(
    World& world, const engine::Trust& trust, const VaultProvider* provider,
    std::function<Result<SecretBuffer>(const language::Secret&)> read_secret) {
  cloud::vault::Options options;
  options.address = TRY(address_of(world, trust, provider));
  options.name_space = TRY(name_space_of(world, provider));
  if (provider != nullptr && provider->method) {
    options.login.method = method_of(*provider->method);
    options.login.mount = provider->mount;
    options.login.role = provider->role;
    options.login.secret = [provider, read_secret] { return read_secret(*provider->secret); };
    if (provider->certificate)
      options.login.certificate = [provider, read = std::move(read_secret)] { return read(*provider->certificate); };
  } else {
    options.login.secret = [&world] { return token_of_environment(world); };
  }
  options.calls.on_wait = tells_of_tries(world);
  return std::make_unique<cloud::vault::Client>(std::move(options), world.http, world.clock, world.random);
}

}  // namespace trunkform::cli
