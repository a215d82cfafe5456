#pragma once
// HashiCorp Vault and OpenBao: one login for all that a run does there, reading and writing by path. Thread-safe.
#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "providers/cloud/caller.hpp"
#include "providers/cloud/vault/login.hpp"

namespace trunkform::cloud::vault {

struct Options {
  std::string address;     ///< `https://vault.example.com:8200`, without a slash at the end
  std::string name_space;  ///< empty: the root's
  Login login;
  Duration timeout = std::chrono::seconds(30);  ///< of one request
  CallerOptions calls{};
};

class Client {
 public:
  /// The ports are borrowed.
  Client(Options options, HttpClient& http, Clock& clock, Random& random);
  ~Client();

  /// `GET /v1/{path}` with a token. `path` is percent-encoded, and may have a query. The answer is 2xx or 404, with its
  /// body in `secret_body`: a deleted version is a 404 that says so. Errors: denied, throttled, unavailable (sealed,
  /// standby), invalid_input (400), protocol.
  Result<HttpResponse> read(const Context& context, const std::string& path);

  /// `POST /v1/{path}` with a token and `body`, which is JSON. The answer is 2xx, 400 or 404, with its body in
  /// `secret_body`: what the latter two mean (a wrong `cas`, a role that is not known) is for the caller to say, by
  /// `words_of` and `refusal_of`. What may have been carried out is not sent again. Errors: as `read`; outcome_unknown
  /// where the caller has to look whether it was. `freely`: of what does nothing the second time, and `change` then
  /// says whether it may have been carried out, whatever the last try was answered.
  Result<HttpResponse> write(const Context& context, const std::string& path, const SecretBuffer& body,
                             Repeat repeat = Repeat::refused_only, Change* change = nullptr);

  /// For what a plan asks and can do without: until ten seconds from now at the latest. None: this vault let such a
  /// question wait in vain already (`was_silent`), and is not waited for again.
  std::optional<Context> briefly(const Context& context);
  void was_silent() { m_is_silent = true; }

  const std::string& address() const { return m_options.address; }
  /// Empty: the root's.
  const std::string& name_space() const { return m_options.name_space; }
  /// Has a token at hand: the one that was given, or a login's. Errors: as the login says; denied where there is none.
  Result<> log_in(const Context& context);
  /// Null: the method is not cert. Error: as `certificate_of`.
  Result<CertificatePtr> own_certificate() const;
  Instant now() { return m_caller.clock().now(); }
  /// Theirs minus ours; none before the first answer.
  std::optional<Duration> clock_difference() const { return m_caller.clock_difference(); }

 private:
  class Tokens;

  Options m_options;
  Caller m_caller;
  std::unique_ptr<Tokens> m_tokens;
  std::atomic<bool> m_is_silent{false};

  Result<HttpResponse> authorized(const Context& context, const std::function<HttpRequest()>& prepare,
                                  const Caller::Judge& judge, Repeat repeat, Change* change = nullptr);
  HttpRequest request_for(const std::string& method, const std::string& path) const;
};

/// The answer as a refusal; none for 2xx and 404. `call`: `GET /v1/secret/data/sip`, for the message.
std::optional<Refusal> refusal_of(const std::string& call, const HttpResponse& answer);

/// The service's own words, in quotes; empty where it said nothing: a 404 of a path that holds nothing, or an answer of
/// what stands before the service.
std::string words_of(const HttpResponse& answer);

/// `path "secret/data/sip" { capabilities = ["read"] }`: a line of a policy.
std::string policy_line(std::string_view path, const std::vector<std::string_view>& capabilities);

/// One segment of a path, percent-encoded (RFC 3986 §3.3); slashes too.
std::string encoded_segment(std::string_view text);
/// A path of several segments: each encoded, the slashes kept, none at either end.
std::string encoded_path(std::string_view text);

}  // namespace trunkform::cloud::vault
