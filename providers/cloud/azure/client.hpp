#pragma once
// Azure Key Vault's data plane: one identity for all vaults of a run. Thread-safe.
#include <string>
#include <vector>

#include "providers/cloud/azure/identity.hpp"
#include "providers/cloud/azure/place.hpp"
#include "providers/cloud/azure/tokens.hpp"
#include "providers/cloud/azure/version_list.hpp"
#include "providers/cloud/caller.hpp"

namespace trunkform::cloud::azure {

struct Options {
  Identity identity;
  Duration timeout = std::chrono::seconds(30);  ///< of one request
  CallerOptions calls{};
};

/// A token, and which of the links gave it.
struct SignedIn {
  Tokens::Bearer bearer;
  const Link* by;
};

class Client {
 public:
  /// The ports are borrowed.
  Client(Options options, HttpClient& http, Clock& clock, Random& random);

  /// `GET {vault}/{path}`, api-version 7.4; `path` is percent-encoded: `secrets/sip`. The answer is 2xx, with its body
  /// in `secret_body`. Errors: not_found, also for what is disabled; denied; throttled; unavailable; untrusted (a
  /// challenge of somebody else's); protocol.
  Result<HttpResponse> read(const Context& context, const VaultPlace& vault, const std::string& path);

  /// All pages of `{path}/versions`, newest first. No value is read. Errors: as `read`; protocol, also where the list
  /// ends early or leads to another host: half of a list would be a wrong way back.
  Result<std::vector<VersionItem>> versions(const Context& context, const VaultPlace& vault, const std::string& path);

  /// A new version of a secret (`PUT`), or other attributes of one (`PATCH`): `method` on `{vault}/{path}` with `body`,
  /// which is JSON. What may have been carried out is not sent again. The answer is 2xx, with its body in
  /// `secret_body`. Errors: as `read`; rejected (409, a deleted secret of that name); outcome_unknown where the caller
  /// has to look whether it was carried out. `freely`: of what does nothing the second time.
  Result<HttpResponse> write(const Context& context, const std::string& method, const VaultPlace& vault,
                             const std::string& path, const SecretBuffer& body, Repeat repeat = Repeat::refused_only);

  /// The token for the vault's cloud, for who shows whose it is. Errors: as Tokens::current.
  Result<SignedIn> sign_in(const Context& context, const VaultPlace& vault);

  Instant now() { return m_caller.clock().now(); }
  /// Theirs minus ours; none before the first answer.
  std::optional<Duration> clock_difference() const { return m_caller.clock_difference(); }

 private:
  Options m_options;
  Caller m_caller;
  Tokens m_tokens;

  enum class Answer { plain, secret };
  Result<HttpResponse> get(const Context& context, const VaultPlace& vault, const std::string& url, Answer answer);
  Result<HttpResponse> send(const Context& context, const VaultPlace& vault, const HttpRequest& wanted, Repeat repeat);
};

/// `GET https://sip.vault.azure.net/secrets/sip`: the answer as a refusal; none for 2xx.
std::optional<Refusal> refusal_of(const std::string& call, const HttpResponse& answer);

}  // namespace trunkform::cloud::azure
