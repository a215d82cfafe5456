#include "providers/cloud/etcd/endpoints.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cloud::etcd {
namespace {

constexpr int k_port = 2379;  // etcd, "Configuration options", --listen-client-urls

Error wrong(const std::string& text, std::string why) {
  return Error(ErrorCode::invalid_input, fmt::format("{} is no address of an etcd server", quoted(text)),
               std::move(why))
      .hint("write the members' client addresses: \"https://etcd-1.example.com:2379,https://etcd-2.example.com:2379\"")
      .hint("\"endpoints\" of backend.etcd says them, or the environment: ETCDCTL_ENDPOINTS");
}

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

Result<Endpoint> endpoint_of(const std::string& text) {
  const auto url = parse_url(text.find("://") == std::string::npos ? "https://" + text : text);
  if (!url) return wrong(text, url.error().summary);
  if (!url->path.empty() || url->has_query) return wrong(text, "it has more than a scheme, a host and a port");
  const bool is_plain = url->scheme == "http";
  if (is_plain && !is_loopback(url->host))
    return Error(ErrorCode::untrusted, fmt::format("a state does not go over plain http to {}", url->host),
                 "anybody on the way could read it, and the password with it")
        .hint("give the member a certificate (etcd --cert-file, --key-file), and write https://");
  // What is written without a port has the one of its scheme.
  const bool has_port = url->authority.size() > url->host.size();
  const auto target = fmt::format("{}:{}", url->host, has_port ? url->port : k_port);
  return Endpoint{fmt::format("{}://{}", url->scheme, target), target, is_plain};
}

}  // namespace

Result<std::vector<Endpoint>> endpoints_of(const std::string& text) {
  std::vector<Endpoint> endpoints;
  const auto all = without_spaces(text);
  for (std::size_t from = 0; from <= all.size();) {
    const auto end = std::min(all.find(',', from), all.size());
    if (end > from) endpoints.push_back(TRY(endpoint_of(all.substr(from, end - from))));
    from = end + 1;
  }
  if (endpoints.empty()) return wrong(text, "nothing says where the members are");
  return endpoints;
}

std::string described(const std::vector<Endpoint>& endpoints) {
  const auto& first = endpoints.front().target;
  return endpoints.size() == 1 ? first : fmt::format("{} and {} more", first, endpoints.size() - 1);
}

}  // namespace trunkform::cloud::etcd
