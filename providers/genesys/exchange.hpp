#pragma once
// One authorised call to the API with the repetitions that are safe for it. Thread-safe.
#include <functional>

#include "providers/genesys/service_error.hpp"
#include "providers/genesys/session.hpp"
#include "providers/genesys/token.hpp"

namespace trunkform::genesys {

/// `refused_only`: a request that may have been carried out is not sent again; one that certainly was not (401, 429, no
/// connection) is.
enum class Repeat { freely, refused_only };

struct Call {
  std::string method = "GET";
  std::string path;   ///< begins with `/`, percent-encoded
  std::string query;  ///< without `?`
  const SecretBuffer* secret_body = nullptr;
  Repeat repeat = Repeat::freely;
  /// Asked before each repetition, right before it is sent: an Error ends the call with it. May be empty.
  std::function<Result<>()> before_repeat{};
  CallName name() const { return {method, path}; }
};

/// `may_have_happened`: the answer was lost, or the service failed while it worked on the request.
enum class Outcome { did_not_happen, may_have_happened };

struct CallFailure {
  Error error;
  int status = 0;  ///< 0: no answer
  Outcome outcome = Outcome::did_not_happen;
};

class Exchange {
 public:
  Exchange(Session& session, TokenSource& tokens) : m_session(session), m_tokens(tokens) {}
  /// A 2xx, or why there is none.
  tl::expected<HttpResponse, CallFailure> call(const Context& context, const Call& call);

 private:
  HttpRequest request_of(const Call& call) const;

  Session& m_session;
  TokenSource& m_tokens;
};

}  // namespace trunkform::genesys
