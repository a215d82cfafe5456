#pragma once
// AWS services that speak JSON 1.1 ("AWS JSON 1.1 protocol", Smithy): one POST an operation, signed. Thread-safe.
#include <functional>
#include <string>

#include "providers/cloud/aws/credential_keeper.hpp"
#include "providers/cloud/aws/signature.hpp"
#include "providers/cloud/caller.hpp"
#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_json.hpp"

namespace trunkform::cloud::aws {

struct Service {
  std::string name;    ///< in its host and in signatures: `secretsmanager`
  std::string target;  ///< before the operation's name: `CertificateManager`
};

struct Options {
  std::string region;  ///< of what does not name its own
  /// `https://secretsmanager.eu-central-1.amazonaws.com`, without a slash at its end. Error: it is not trusted.
  std::function<Result<std::string>(const std::string& service, const std::string& region)> endpoint;
  /// Whether a resource of this account may be asked for. Null: any.
  std::function<Result<>(const Context& context, const std::string& account)> allow_account{};
  /// The account that the credentials are of. Null: nobody knows it.
  std::function<Result<std::string>(const Context& context)> own_account{};
  Duration timeout = std::chrono::seconds(30);  ///< of one request
  CallerOptions calls{};
};

class Client {
 public:
  /// All are borrowed.
  Client(Options options, CredentialKeeper& credentials, HttpClient& http, Clock& clock, Random& random);

  /// The answer's body. `resource`: what it is about; a whole ARN says its region, and its account is checked. Errors:
  /// denied, not_found, throttled, unavailable, rejected, protocol, each with the service's words and the request's id;
  /// untrusted; and where there are no credentials. `repeat`: freely for what changes nothing, or carries a token of
  /// its caller's (ClientRequestToken); else outcome_unknown may come, and the caller has to look.
  Result<SecretBuffer> call(const Context& context, const Service& service, const std::string& operation,
                            const SecretBuffer& body, const std::string& resource, Repeat repeat = Repeat::freely);

  /// The same for a list that comes in pages (`NextToken`): `use` sees each. Errors: the same, and protocol where it
  /// does not end; and those of `use`. What was seen before an error is no list.
  Result<> each_page(const Context& context, const Service& service, const std::string& operation,
                     const SecretBuffer& body, const std::string& resource,
                     const std::function<Result<>(SecretJson& page)>& use);

  /// The account that calls are made in where their resource is no ARN. Errors: STS's; unsupported.
  Result<std::string> account(const Context& context) const;
  /// The region that they are made in.
  const std::string& region() const { return m_options.region; }
  Random& random() { return m_random; }

 private:
  Options m_options;
  CredentialKeeper& m_credentials;
  Random& m_random;
  Caller m_caller;
};

using cloud::json_of;

}  // namespace trunkform::cloud::aws
