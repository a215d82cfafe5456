#include "cmd/trunkform/kubernetes_access.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/wait_notice.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cli {
namespace {

/// Kubernetes, "Accessing the Kubernetes API from a Pod".
constexpr const char* k_account = "/var/run/secrets/kubernetes.io/serviceaccount";

std::string pod_variable(const World& world, const std::string& name) {
  return world.environment.variable(name).value_or("");
}

}  // namespace

Result<std::unique_ptr<cloud::kubernetes::Client>> open_kubernetes(World& world) {
  const auto host = pod_variable(world, "KUBERNETES_SERVICE_HOST");
  const auto port = pod_variable(world, "KUBERNETES_SERVICE_PORT");
  if (host.empty())
    return Error(ErrorCode::invalid_input,
                 "this is not inside a Kubernetes cluster: KUBERNETES_SERVICE_HOST is not set",
                 pod_variable(world, "KUBECONFIG").empty() ? "" : "KUBECONFIG is not read in this version")
        .hint(
            "run in a pod, or set KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and TRUNKFORM_KUBERNETES_ACCOUNT, a "
            "folder with `token` and `ca.crt`");
  const bool is_v6 = host.find(':') != std::string::npos;
  const auto url = parse_url(
      fmt::format("https://{}{}{}{}", is_v6 ? "[" : "", host, is_v6 ? "]" : "", port.empty() ? "" : ":" + port));
  if (!url || !url->path.empty() || url->has_query)
    return Error(ErrorCode::invalid_input, "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are no address",
                 url ? "" : url.error().summary)
        .hint("they are a host and a port, as the kubelet sets them");
  const Path account = world.environment.variable("TRUNKFORM_KUBERNETES_ACCOUNT").value_or(k_account);
  cloud::kubernetes::Options options;
  options.server = url->base();
  options.ca_file = (account / "ca.crt").string();
  options.token = [&world, file = account / "token"] { return world.files.read_secret(file); };
  options.calls.on_wait = tells_of_tries(world);
  return std::make_unique<cloud::kubernetes::Client>(std::move(options), world.http, world.clock, world.random);
}

}  // namespace trunkform::cli
