// `provider.azure`: who a run is in Azure.
#include <array>

#include "planner/language/configuration/settings.hpp"

namespace trunkform::language {
namespace {

struct AzureMethod {
  std::string_view block;
  AzureProvider::Method method;
  std::string_view secret;  ///< the argument; empty: it has none
};

constexpr std::array<AzureMethod, 4> k_azure_methods{{
    {"client_secret", AzureProvider::Method::client_secret, "client_secret"},
    {"client_certificate", AzureProvider::Method::client_certificate, "certificate"},
    {"workload_identity", AzureProvider::Method::workload_identity, "token"},
    {"managed_identity", AzureProvider::Method::managed_identity, ""},
}};

void read_azure_auth(BodyReader& reader, const Body& auth, AzureProvider& provider) {
  for (const auto& method : k_azure_methods) {
    const auto* block = auth.block(method.block);
    if (block == nullptr) continue;
    if (provider.method) return refuse_second_method(reader, *block);
    provider.method = method.method;
    auto nested = reader.within(*block);
    if (!method.secret.empty()) nested.read(method.secret, provider.secret);
    if (method.method == AzureProvider::Method::client_certificate) nested.read("passphrase", provider.passphrase);
    reader.merge(nested);
  }
  if (!provider.method)
    reader.fail(Error(ErrorCode::invalid_input, "auth names no method")
                    .at(auth.where.range())
                    .hint("write one of client_secret, client_certificate, workload_identity and managed_identity, or "
                          "leave auth out: then the environment says who we are"));
}

}  // namespace

std::optional<AzureProvider> read_azure(BodyReader& reader) {
  AzureProvider provider;
  provider.source = reader.body().where.range();
  reader.read("tenant_id", provider.tenant);
  reader.read("client_id", provider.client);
  if (const auto* auth = reader.body().block("auth")) read_azure_auth(reader, *auth, provider);
  if (!reader.is_complete()) return std::nullopt;
  return provider;
}

}  // namespace trunkform::language
