#include "cmd/trunkform/azure_access.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cmd/trunkform/variable_words.hpp"
#include "cmd/trunkform/wait_notice.hpp"
#include "schemas/model/shell_word.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cli {
namespace {

using cloud::azure::Application;
using cloud::azure::Link;
using cloud::azure::ReadSecret;
using language::AzureProvider;
using ReadConfigured = std::function<Result<SecretBuffer>(const language::Secret&)>;

std::string azure_variable(const World& world, const std::string& name) {
  return world.environment.variable(name).value_or("");
}

ReadSecret of_environment(World& world, std::string name) {
  return [&world, name = std::move(name)]() -> Result<SecretBuffer> {
    if (auto secret = world.environment.take_secret(name); secret && !secret->empty()) return std::move(*secret);
    return Error(ErrorCode::denied, nothing_in(world.environment, {name.c_str()})).hint(fmt::format("set {}", name));
  };
}

ReadSecret of_file(World& world, Path path) {
  return [&world, path = std::move(path)] { return world.files.read_secret(path); };
}

/// Microsoft's own, and whoever else the trust file names: an authority gets the proof of who we are.
Result<std::string> authority_of(const World& world, const engine::Trust& trust) {
  constexpr std::array<std::string_view, 3> k_microsoft{"login.microsoftonline.com", "login.microsoftonline.us",
                                                        "login.chinacloudapi.cn"};
  auto text = azure_variable(world, "AZURE_AUTHORITY_HOST");
  if (text.empty()) text = k_microsoft.front();
  // Microsoft's own programs take a bare name too.
  if (text.find("://") == std::string::npos) text = "https://" + text;
  const auto url = parse_url(text);
  if (!url || url->has_query)
    return Error(ErrorCode::invalid_input, "AZURE_AUTHORITY_HOST is no https address",
                 url ? "it has a query or fragment" : url.error().summary)
        .hint("write it as https://login.microsoftonline.com, or leave it out");
  const bool is_microsoft = url->scheme == "https" && url->port == 443 &&
                            std::find(k_microsoft.begin(), k_microsoft.end(), url->host) != k_microsoft.end();
  if (!is_microsoft) TRY(trust.allow_host(url->base(), "azure"));
  return url->base();
}

/// A tenant of the configuration is only the operator's own, said twice: a secret that is sent for another tenant would
/// be another's to look at.
Result<std::string> tenant_of(World& world, const AzureProvider* provider) {
  auto own = azure_variable(world, "AZURE_TENANT_ID");
  if (provider == nullptr || provider->tenant.empty() || provider->tenant == own) return own;
  return Error(ErrorCode::untrusted,
               fmt::format("the tenant {} is not trusted with azure credentials", provider->tenant),
               own.empty() ? "the configuration names it, and " + nothing_in(world.environment, {"AZURE_TENANT_ID"})
                           : fmt::format("the configuration names it, and AZURE_TENANT_ID is {}", own))
      .at(provider->source)
      .hint(fmt::format("if it is yours, run: export AZURE_TENANT_ID={}", shell_word(provider->tenant)));
}

Result<> require(World& world, const Application& application, const AzureProvider& provider) {
  const char* const missing = application.tenant.empty()   ? "AZURE_TENANT_ID"
                              : application.client.empty() ? "AZURE_CLIENT_ID"
                                                           : "";
  if (*missing == 0) return {};
  return Error(ErrorCode::invalid_input,
               "nothing says which application provider.azure is: " + nothing_in(world.environment, {missing}))
      .at(provider.source)
      .hint(fmt::format("set {}", missing));
}

Link managed_identity(World& world, std::string client) {
  const auto endpoint = azure_variable(world, "IDENTITY_ENDPOINT");
  Link link{"the machine's managed identity", {}, {}};
  if (!azure_variable(world, "IMDS_ENDPOINT").empty())
    link.missing = "that of Azure Arc (IMDS_ENDPOINT) is not supported";
  else if (!azure_variable(world, "IDENTITY_SERVER_THUMBPRINT").empty())
    link.missing = "that of Service Fabric (IDENTITY_SERVER_THUMBPRINT) is not supported";
  else if (!endpoint.empty())
    link.how = cloud::azure::ManagedIdentity{std::move(client), endpoint, of_environment(world, "IDENTITY_HEADER")};
  else
    link.how = cloud::azure::ManagedIdentity{std::move(client), {}, nullptr};
  return link;
}

Result<Link> configured(World& world, const AzureProvider& provider, const Application& application,
                        const ReadConfigured& read) {
  if (*provider.method == AzureProvider::Method::managed_identity) return managed_identity(world, application.client);
  TRY(require(world, application, provider));
  const auto reads = [&read](const std::optional<language::Secret>& secret) -> ReadSecret {
    if (!secret) return nullptr;
    return [given = &*secret, read] { return read(*given); };
  };
  Link link;
  if (*provider.method == AzureProvider::Method::client_secret) {
    link.name = "auth.client_secret of provider.azure";
    link.how = cloud::azure::ClientSecret{application, reads(provider.secret)};
  } else if (*provider.method == AzureProvider::Method::client_certificate) {
    link.name = "auth.client_certificate of provider.azure";
    link.how = cloud::azure::ClientCertificate{application, reads(provider.secret), reads(provider.passphrase)};
  } else {
    link.name = "auth.workload_identity of provider.azure";
    link.how = cloud::azure::WorkloadIdentity{application, reads(provider.secret)};
  }
  return link;
}

/// Also where somebody else in this run has taken it: a state in Azure Blob, and vaults.
bool has_secret(World& world, const char* name) {
  const auto secret = world.environment.take_secret(name);
  return secret && !secret->empty();
}

/// What the environment lacks for a way that needs `last`; empty where it lacks nothing.
std::string lacks(World& world, const Application& application, const char* last, bool has_last) {
  if (application.tenant.empty()) return nothing_in(world.environment, {"AZURE_TENANT_ID"});
  if (application.client.empty()) return nothing_in(world.environment, {"AZURE_CLIENT_ID"});
  return has_last ? std::string() : nothing_in(world.environment, {last});
}
std::string lacks_file(World& world, const Application& application, const char* last) {
  return lacks(world, application, last, !azure_variable(world, last).empty());
}

/// The order of Microsoft's DefaultAzureCredential, as far as it needs no other program.
std::vector<Link> of_environment(World& world, const Application& application) {
  constexpr auto k_secret = "AZURE_CLIENT_SECRET";
  Link secret{"the environment's client secret", {}, lacks(world, application, k_secret, has_secret(world, k_secret))};
  if (secret.missing.empty()) secret.how = cloud::azure::ClientSecret{application, of_environment(world, k_secret)};
  Link certificate{
      "the environment's client certificate", {}, lacks_file(world, application, "AZURE_CLIENT_CERTIFICATE_PATH")};
  if (certificate.missing.empty()) {
    const bool has_password = has_secret(world, "AZURE_CLIENT_CERTIFICATE_PASSWORD");
    certificate.how = cloud::azure::ClientCertificate{
        application, of_file(world, azure_variable(world, "AZURE_CLIENT_CERTIFICATE_PATH")),
        has_password ? of_environment(world, "AZURE_CLIENT_CERTIFICATE_PASSWORD") : nullptr};
  }
  Link workload{"workload identity", {}, lacks_file(world, application, "AZURE_FEDERATED_TOKEN_FILE")};
  if (workload.missing.empty())
    workload.how = cloud::azure::WorkloadIdentity{application,
                                                  of_file(world, azure_variable(world, "AZURE_FEDERATED_TOKEN_FILE"))};
  std::vector<Link> chain;
  chain.push_back(std::move(secret));
  chain.push_back(std::move(certificate));
  chain.push_back(std::move(workload));
  chain.push_back(managed_identity(world, application.client));
  return chain;
}

}  // namespace

Result<cloud::azure::Identity> azure_identity(World& world, const engine::Trust& trust, const AzureProvider* provider,
                                              const ReadConfigured& read_secret) {
  cloud::azure::Identity identity;
  identity.authority = TRY(authority_of(world, trust));
  Application application;
  application.tenant = TRY(tenant_of(world, provider));
  const bool names_client = provider != nullptr && !provider->client.empty();
  application.client = names_client ? provider->client : azure_variable(world, "AZURE_CLIENT_ID");
  if (provider != nullptr && provider->method)
    identity.chain.push_back(TRY(configured(world, *provider, application, read_secret)));
  else
    identity.chain = of_environment(world, application);
  return identity;
}

Result<std::unique_ptr<cloud::azure::Client>> open_azure(World& world, const engine::Trust& trust,
                                                         const AzureProvider* provider,
                                                         const ReadConfigured& read_secret) {
  cloud::azure::Options options;
  options.identity = TRY(azure_identity(world, trust, provider, read_secret));
  options.calls.on_wait = tells_of_tries(world);
  return std::make_unique<cloud::azure::Client>(std::move(options), world.http, world.clock, world.random);
}

}  // namespace trunkform::cli
