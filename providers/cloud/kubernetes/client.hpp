#pragma once
// A Kubernetes API server, reading single objects as a pod's service account may. Thread-safe.
#include <functional>
#include <string>

#include "providers/cloud/caller.hpp"

namespace trunkform::cloud::kubernetes {

struct Options {
  std::string server;   ///< `https://10.0.0.1:443`, without a slash at the end
  std::string ca_file;  ///< PEM of the cluster's own authority
  /// The account's token, read anew for each request: the kubelet replaces it within the hour.
  std::function<Result<SecretBuffer>()> token;
  Duration timeout = std::chrono::seconds(30);  ///< of one request
  CallerOptions calls{};
};

enum class Part {
  metadata,  ///< PartialObjectMetadata: name and resourceVersion, no data
  whole,
};

class Client {
 public:
  /// The ports are borrowed.
  Client(Options options, HttpClient& http, Clock& clock, Random& random);

  /// `GET {server}/{path}`, `api/v1/namespaces/sip/secrets/east`, percent-encoded. The answer is 2xx, with its body in
  /// `secret_body`. Errors: not_found, denied, throttled, unavailable, protocol; and the token's.
  Result<HttpResponse> read(const Context& context, const std::string& path, Part part);

 private:
  Options m_options;
  Caller m_caller;
};

}  // namespace trunkform::cloud::kubernetes
