#include "cmd/trunkform/etcd_access.hpp"

#include <algorithm>

#include "providers/cloud/client_certificate.hpp"
#include "providers/cloud/etcd/store.hpp"

namespace trunkform::cli {
namespace {

namespace etcd = cloud::etcd;

constexpr const char* k_system_roots = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::uint64_t k_largest_file = 8ULL << 20;

std::string variable(const World& world, const char* name) { return world.environment.variable(name).value_or(""); }

std::string argument(const language::BackendSettings& backend, const char* name) {
  const auto found = backend.arguments.find(name);
  return found == backend.arguments.end() ? std::string() : found->second;
}

/// Whose credentials go there, the operator must have said.
Result<std::vector<etcd::Endpoint>> endpoints(const World& world, const engine::Trust& trust,
                                              const language::BackendSettings& backend) {
  const auto said = argument(backend, "endpoints");
  auto all = TRY(etcd::endpoints_of(said.empty() ? variable(world, "ETCDCTL_ENDPOINTS") : said));
  if (said.empty()) return all;
  for (const auto& endpoint : all) TRY(trust.allow_host(endpoint.url, "etcd"));
  return all;
}

Result<std::optional<ClientCertificate>> certificate(World& world) {
  const auto chain = variable(world, "ETCDCTL_CERT");
  const auto key = variable(world, "ETCDCTL_KEY");
  if (chain.empty() && key.empty()) return std::optional<ClientCertificate>();
  if (chain.empty() || key.empty())
    return Error(ErrorCode::invalid_input, "a client certificate needs its key, and a key its certificate")
        .hint("set both ETCDCTL_CERT and ETCDCTL_KEY to the names of their files, or neither");
  const auto chain_text = TRY(world.files.read_secret(chain));
  const auto key_text = TRY(world.files.read_secret(key));
  return std::optional(std::move(TRY(cloud::own_certificate(chain_text, key_text)).shown));
}

/// etcdctl takes `NAME:PASSWORD` in ETCDCTL_USER as well.
Result<etcd::Identity> identity(World& world, const language::BackendSettings& backend) {
  etcd::Identity identity;
  identity.certificate = TRY(certificate(world));
  identity.user = argument(backend, "username");
  if (const auto user = world.environment.take_secret("ETCDCTL_USER"); user && identity.user.empty()) {
    const auto colon = std::min(user->view().find(':'), user->size());
    identity.user = std::string(user->view().substr(0, colon));
    if (colon < user->size()) identity.password = SecretBuffer::copy_of(user->view().substr(colon + 1));
  }
  auto password = world.environment.take_secret("ETCDCTL_PASSWORD");
  if (password && !password->empty()) identity.password = std::move(*password);
  if (identity.user.empty() && !identity.password.empty())
    return Error(ErrorCode::invalid_input, "ETCDCTL_PASSWORD is set, and nothing says whose it is")
        .hint("set ETCDCTL_USER, or write \"username\" in backend.etcd");
  if (!identity.user.empty() && identity.password.empty())
    return Error(ErrorCode::invalid_input, "there is no password for the user of backend.etcd",
                 "it comes from the environment alone")
        .hint("set ETCDCTL_PASSWORD");
  return identity;
}

}  // namespace

Result<std::shared_ptr<KeyValueStore>> open_cluster(World& world, const engine::Trust& trust,
                                                    const language::BackendSettings& backend) {
  etcd::StoreOptions options;
  options.endpoints = TRY(endpoints(world, trust, backend));
  options.identity = TRY(identity(world, backend));
  options.ca_file = variable(world, "ETCDCTL_CACERT");
  auto roots = options.ca_file.empty() ? variable(world, "TRUNKFORM_CA_FILE") : options.ca_file;
  if (roots.empty()) roots = k_system_roots;
  const bool needs_roots = std::any_of(options.endpoints.begin(), options.endpoints.end(),
                                       [](const etcd::Endpoint& endpoint) { return !endpoint.is_plain; });
  if (needs_roots) options.roots = TRY(world.files.read(roots, k_largest_file));
  return std::shared_ptr<KeyValueStore>(etcd::open_store(std::move(options), world.http, world.clock));
}

}  // namespace trunkform::cli
