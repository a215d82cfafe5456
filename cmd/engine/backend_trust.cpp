#include "cmd/engine/backend_trust.hpp"

#include <fmt/format.h>

namespace trunkform::engine {
namespace {

std::string argument_of(const language::BackendSettings& backend, const std::string& name,
                        const std::string& otherwise) {
  const auto found = backend.arguments.find(name);
  return found == backend.arguments.end() ? otherwise : found->second;
}

}  // namespace

Result<> allow_backend(const Trust& trust, const language::BackendSettings& backend) {
  if (const auto endpoint = argument_of(backend, "endpoint", ""); backend.type == "s3" && !endpoint.empty())
    return trust.allow_host(endpoint, "aws");
  const auto host = argument_of(backend, "host", "");
  if (backend.type != "postgres" || host.empty()) return {};
  return trust.allow_host(fmt::format("https://{}:{}", host, argument_of(backend, "port", "5432")), "postgres");
}

}  // namespace trunkform::engine
