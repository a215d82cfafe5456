#pragma once
// The tokens of a run: one for each cloud of vaults, fetched by the first who needs it, and again five minutes before
// it ends. Who comes meanwhile waits. Thread-safe.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "providers/cloud/azure/challenge.hpp"
#include "providers/cloud/azure/identity.hpp"
#include "providers/cloud/caller.hpp"

namespace trunkform::cloud::azure {

class Tokens {
 public:
  /// `Bearer ` and the token.
  using Bearer = std::shared_ptr<const SecretBuffer>;

  /// All borrowed.
  Tokens(const Identity& identity, Caller& caller, HttpClient& http, Random& random)
      : m_identity(identity), m_caller(caller), m_http(http), m_random(random) {}

  /// Errors: denied, where no link has credentials (each is named, with why) or they are not taken; as Caller::call.
  Result<Bearer> current(const Context& context, const std::string& resource);
  /// `call` with a token, and once more with another where it found the first one unknown to the service.
  Result<HttpResponse> with(
      const Context& context, const std::string& resource,
      const std::function<Result<HttpResponse>(const SecretBuffer& bearer, bool& is_unknown)>& call);
  /// Of the link that gave the last token; empty before.
  Authority authority();
  /// The link that gave the last token; null before.
  const Link* answered();

 private:
  struct Held {
    Bearer bearer;
    Duration fetched_at{};
    Duration fetch_again_at{};
  };

  const Identity& m_identity;
  Caller& m_caller;
  HttpClient& m_http;
  Random& m_random;
  std::mutex m_mutex;
  std::map<std::string, Held> m_held;  ///< by resource
  const Link* m_answered = nullptr;    ///< the link that answered: it is the one that is asked from then on

  /// Another one than `refused`; `why` where there is none to be had.
  Result<Bearer> after_refusal(const Context& context, const std::string& resource, const Bearer& refused, Error why);
  Result<Bearer> fetch(const Context& context, const std::string& resource);
  Result<Held> ask(const Context& context, const Link& link, const std::string& resource);
  std::optional<Error> no_metadata_service(const Context& context, const Link& link);
};

}  // namespace trunkform::cloud::azure
