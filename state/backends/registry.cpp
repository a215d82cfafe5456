#include "state/backends/registry.hpp"

#include "state/backends/azblob/engine.hpp"
#include "state/backends/etcd/engine.hpp"
#include "state/backends/http/engine.hpp"
#include "state/backends/local/local.hpp"
#include "state/backends/postgres/engine.hpp"
#include "state/backends/s3/engine.hpp"
#include "state/remote/ports.hpp"

namespace trunkform::state {
namespace {

using Arguments = std::map<std::string, std::string>;

Result<Backend> in_files(const BackendServices& services, const Arguments&, const std::string& workspace) {
  return open_local(services.files, services.clock, services.random, services.folder, workspace, services.state_keys);
}

/// `open`: an engine for a workspace of that name.
template <class Open>
Result<Backend> remote(const BackendServices& services, const std::string& workspace, const Open& open) {
  return open_remote(
      {services.files, services.clock, services.random, services.folder, services.state_keys},
      [open](const std::string& name) -> Result<std::unique_ptr<Engine>> { return open(name); }, workspace);
}

Result<Backend> in_postgres(const BackendServices& services, const Arguments& arguments, const std::string& workspace) {
  return remote(services, workspace,
                [settings = TRY(postgres::settings_of(arguments)), &clock = services.clock](const std::string& name) {
                  return postgres::open_engine(settings, name, clock);
                });
}

Result<Backend> in_s3(const BackendServices& services, const Arguments& arguments, const std::string& workspace) {
  const auto settings = TRY(s3::settings_of(arguments));
  if (!services.objects) return Error(ErrorCode::unsupported, "there is no way to S3 here");
  const auto store = TRY(services.objects());
  return remote(services, workspace, [=, &clock = services.clock, &random = services.random](const std::string& name) {
    return s3::open_engine(settings, name, store, clock, random);
  });
}

Result<Backend> in_azblob(const BackendServices& services, const Arguments& arguments, const std::string& workspace) {
  const auto settings = TRY(azblob::settings_of(arguments));
  if (!services.blobs) return Error(ErrorCode::unsupported, "there is no way to Azure Blob Storage here");
  const auto store = TRY(services.blobs());
  return remote(services, workspace, [=, &clock = services.clock, &random = services.random](const std::string& name) {
    return azblob::open_engine(settings, name, store, clock, random);
  });
}

Result<Backend> in_etcd(const BackendServices& services, const Arguments& arguments, const std::string& workspace) {
  const auto settings = TRY(etcd::settings_of(arguments));
  if (!services.keys) return Error(ErrorCode::unsupported, "there is no way to etcd here");
  const auto store = TRY(services.keys());
  return remote(services, workspace, [=, &clock = services.clock, &random = services.random](const std::string& name) {
    return etcd::open_engine(settings, name, store, clock, random);
  });
}

Result<Backend> at_http(const BackendServices& services, const Arguments&, const std::string& workspace) {
  if (!services.state_server) return Error(ErrorCode::unsupported, "there is no way to a state server here");
  const auto server = TRY(services.state_server());
  return remote(services, workspace, [=, &clock = services.clock, &random = services.random](const std::string& name) {
    return http::open_engine(name, server, clock, random);
  });
}

}  // namespace

Result<Backend> open_backend(const BackendServices& services, std::string_view type, const Arguments& arguments,
                             const std::string& workspace) {
  if (type == "local") return in_files(services, arguments, workspace);
  if (type == "postgres") return in_postgres(services, arguments, workspace);
  if (type == "azblob") return in_azblob(services, arguments, workspace);
  if (type == "etcd") return in_etcd(services, arguments, workspace);
  if (type == "http") return at_http(services, arguments, workspace);
  if (type == "s3") return in_s3(services, arguments, workspace);
  return Error(ErrorCode::unsupported, "there is no backend " + std::string(type) + " in this version");
}

}  // namespace trunkform::state
