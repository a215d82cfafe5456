#pragma once
// The access token: RFC 6749 §4.4 client credentials over HTTP Basic, or one that was given. Fetched by the first call,
// kept in locked memory, renewed once for each token that the service no longer takes. Thread-safe; callers that come
// while it is fetched wait for it.
#include <memory>
#include <mutex>

#include "providers/genesys/session.hpp"

namespace trunkform::genesys {

/// The whole value of `Authorization`.
struct Bearer {
  SecretBuffer authorization;
  std::uint64_t generation = 0;
};
using BearerPtr = std::shared_ptr<const Bearer>;

class TokenSource {
 public:
  explicit TokenSource(Session& session);
  /// Errors: denied (the service refused the credentials, or there are none), throttled, unavailable, protocol.
  Result<BearerPtr> current(const Context& context);
  /// The service answered 401 to `refused`. A newer token, fetched by this or another thread; denied where `refused`
  /// was given and not fetched.
  Result<BearerPtr> renewed(const Context& context, const BearerPtr& refused);

 private:
  Result<BearerPtr> fetch(const Context& context);
  Result<SecretBuffer> read_token(const HttpResponse& response) const;

  Session& m_session;
  std::mutex m_mutex;
  BearerPtr m_bearer;
  std::uint64_t m_generation = 0;
};

}  // namespace trunkform::genesys
