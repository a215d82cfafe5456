#pragma once
// Requests to an ACME server: signed, each with a nonce of its own, sent again where the server did not like the nonce
// (RFC 8555 §6.5), and only to hosts that the operator allows. Thread-safe.
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "providers/cloud/caller.hpp"
#include "providers/issuers/acme/directory.hpp"
#include "providers/issuers/acme/jose.hpp"
#include "providers/issuers/acme/nonces.hpp"
#include "providers/issuers/acme/problem.hpp"
#include "schemas/ports/issuer.hpp"

namespace trunkform::issuers::acme {

struct WireOptions {
  std::string directory;  ///< address
  std::string ca_file;    ///< of a server with an authority of its own; empty: as for every server
  /// Whether the account's signatures may go to this address. Error: untrusted.
  std::function<Result<>(const std::string& url)> may_go_to;
  /// Authorities count what is asked of them, and have their limits.
  cloud::CallerOptions calls{.most_timed = 10};
};

/// What came. Refusals are answers, because some of them are what decides the next step.
struct Answer {
  HttpResponse response;
  std::optional<Problem> problem;
  std::optional<Duration> wait;  ///< that the server asks for
};

/// The answer, or its problem as an error. `summary`: `the order was refused by https://…`
Result<HttpResponse> accepted(Answer answer, const std::string& summary);

/// Where the answer to an address of an order is that there is nothing there: the order is gone with it.
std::optional<OrderGone> gone_of(const Answer& answer, const std::string& summary);

class Wire {
 public:
  /// The ports are borrowed.
  Wire(WireOptions options, HttpClient& http, Clock& clock, Random& random);

  /// As read by the first who asks, until somebody finds that an address of it has gone.
  Result<Directory> directory(const Context& context);

  /// Without a signature. Errors: those of `cloud::Caller::call`; untrusted.
  Result<Answer> get(const Context& context, const std::string& url);

  /// What is signed, for the address it goes to. Called anew where the directory had to be read again.
  using Payload = std::function<Result<std::string>(const std::string& url)>;

  /// To an address of an account, an order or a certificate. With no `kid` the key itself is sent. An empty payload
  /// only reads (POST-as-GET, §6.3). Errors: as `get`; throttled and unavailable where the server says so for long.
  Result<Answer> post(const Context& context, const std::string& url, const AccountKey& key, const std::string& kid,
                      const std::string& payload, const std::string& accept = "application/json",
                      cloud::Change* change = nullptr);

  /// To an address of the directory, which is read once more where that has gone. Error: unsupported: the server has
  /// no such address. `change`: whether the server may have carried it out, over all tries; an answer is for the
  /// caller.
  Result<Answer> post_to(const Context& context, std::string Directory::* address, const AccountKey& key,
                         const std::string& kid, const Payload& payload, cloud::Change* change = nullptr);

  Clock& clock() { return m_caller.clock(); }
  const std::string& place() const { return m_options.directory; }

 private:
  Result<HttpResponse> send(const Context& context, const cloud::Caller::Prepare& prepare,
                            const cloud::Caller::Judge& judge, cloud::Change* change = nullptr);
  Answer judged(HttpResponse response);
  HttpRequest request_for(const std::string& method, const std::string& url) const;
  Result<std::string> nonce(const Context& context);

  WireOptions m_options;
  cloud::Caller m_caller;
  Nonces m_nonces;
  std::mutex m_mutex;
  std::optional<Directory> m_directory;
};

}  // namespace trunkform::issuers::acme
