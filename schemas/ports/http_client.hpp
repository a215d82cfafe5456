#pragma once
// One HTTP exchange. No redirects are followed, TLS ≥ 1.2 is verified, plain http only to loopback, bodies and headers
// are capped. No retries here: whether a request may be repeated is the caller's knowledge. Thread-safe.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

struct HttpHeader {
  std::string name;
  std::string value;
};

/// A header whose value is a secret. Borrowed for the call.
struct SecretHttpHeader {
  std::string name;
  const SecretBuffer* value = nullptr;
};

/// Who a client is in TLS (RFC 8446 §4.4.2), told to a server that asks.
struct ClientCertificate {
  std::string chain;         ///< PEM, the certificate itself first
  SecretBuffer private_key;  ///< its key: PEM, not encrypted
};

/// Where plain http may go. `machine`: also to the addresses at which a cloud's own machine or container is told who it
/// is; they are answered by the host itself, and have no TLS.
enum class PlainHttp { loopback, machine };

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<HttpHeader> headers;
  /// Sent as `Authorization`, never logged; may be null. Borrowed for the call.
  const SecretBuffer* authorization = nullptr;
  /// Sent like `authorization`; their names are not logged either.
  std::vector<SecretHttpHeader> secret_headers{};
  std::string body;
  /// Sent instead of `body`, never logged; may be null. Borrowed for the call.
  const SecretBuffer* secret_body = nullptr;
  /// The part of `secret_body` that lets whoever has it in: what of it an answer repeats is blanked, in runs of 16
  /// bytes, or whole where it is shorter.
  std::string_view credential{};
  /// Shown where the server asks for one, never over plain http. The connection is this request's alone, and its TLS
  /// session nobody's: what else went over it would be taken for the owner's. May be null. Borrowed for the call.
  const ClientCertificate* client_certificate = nullptr;
  Duration timeout = std::chrono::seconds(30);
  /// PEM of the only roots that this server's certificate may lead to; empty: as for every server. For services that
  /// have an authority of their own, where the machine that runs us says so.
  std::string ca_file{};
  std::uint64_t body_limit = 64ULL << 20;
  /// The answer carries a secret (a token): it is received into locked memory, `HttpResponse::secret_body`.
  bool secret_answer = false;
  /// The address is a password beyond its host, as those of webhooks are: neither an error nor a log shows it.
  bool secret_url = false;
  PlainHttp plain = PlainHttp::loopback;
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;
  SecretBuffer secret_body;
  const std::string* header(std::string_view name) const;  ///< first of that name, case-insensitive; null
};

/// What may be shown of an address: `https://hooks.example.com/…` where it is secret, else all but the query.
std::string shown_url(const HttpRequest& request);

/// Whether the request may have reached the server when an exchange fails: decides if a write must be read back.
enum class Reached { no, maybe };

struct HttpFailure {
  Error error;  ///< unavailable, timeout, cancelled, protocol (caps, torn body) or denied (TLS)
  Reached reached = Reached::maybe;
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) = 0;
};

}  // namespace trunkform
