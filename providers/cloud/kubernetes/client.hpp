#pragma once
// A Kubernetes API server, reading single objects as a pod's service account may, and asking what it may. Thread-safe.
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

/// What to do about a secret that may not be read.
inline constexpr const char* k_missing_role =
    "let a Role give the service account `get` on this secret: see docs/permissions.md";

class Client {
 public:
  /// The ports are borrowed.
  Client(Options options, HttpClient& http, Clock& clock, Random& random);

  /// `GET {server}/{path}`, `api/v1/namespaces/sip/secrets/east`, percent-encoded. The answer is 2xx, with its body in
  /// `secret_body`. Errors: not_found, denied, throttled, unavailable, protocol; and the token's.
  Result<HttpResponse> read(const Context& context, const std::string& path, Part part);

  /// `POST {server}/{path}` with `body`, which is JSON: a review, that is answered and kept nowhere. Answer and errors
  /// as of `read`.
  Result<HttpResponse> review(const Context& context, const std::string& path, const std::string& body);

  /// The account's token, as it is now.
  Result<SecretBuffer> token() const { return m_options.token(); }
  const std::string& server() const { return m_options.server; }
  Instant now() { return m_caller.clock().now(); }
  /// Theirs minus ours; none before the first answer.
  std::optional<Duration> clock_difference() const { return m_caller.clock_difference(); }

 private:
  Result<HttpResponse> send(const Context& context, const HttpRequest& wanted);

  Options m_options;
  Caller m_caller;
};

}  // namespace trunkform::cloud::kubernetes
