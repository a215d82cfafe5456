#include "providers/genesys/token.hpp"

#include "providers/cloud/basic_authorization.hpp"
#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/genesys/asked_to_wait.hpp"
#include "providers/genesys/service_error.hpp"

namespace trunkform::genesys {
namespace {

const CallName k_token_call{"POST", "/oauth/token"};

BearerPtr bearer_of(const SecretBuffer& token, std::uint64_t generation) {
  auto bearer = std::make_shared<Bearer>();
  bearer->authorization = cloud::joined({"Bearer ", token.view()});
  bearer->generation = generation;
  return bearer;
}

/// OAuth has a limit of its own, and says so with 400 (GENESYS: `invalid_request (rate limit exceeded;…`).
bool is_throttled(const HttpResponse& response, const ServiceMessage& seen) {
  const auto says = [](const std::string& text) { return text.find("rate limit exceeded") != std::string::npos; };
  return response.status == 429 || (response.status == 400 && (says(seen.message) || says(seen.code)));
}

Error refused(const HttpResponse& response, const ServiceMessage& seen) {
  auto error = answered_error(k_token_call, response);
  if (is_throttled(response, seen)) {
    error.code = ErrorCode::throttled;
    error.hints = {"tokens have a limit of their own: run the command again in some minutes, and not many at once"};
  } else if (response.status == 400 || response.status == 401) {
    error.code = ErrorCode::denied;
    error.hints = {
        "check GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET: an OAuth client with the grant "
        "type Client Credentials, of this region"};
  }
  return error;
}

}  // namespace

TokenSource::TokenSource(Session& session) : m_session(session) {}

Result<BearerPtr> TokenSource::current(const Context& context) {
  const std::scoped_lock lock(m_mutex);
  if (m_bearer) return m_bearer;
  return fetch(context);
}

Result<BearerPtr> TokenSource::renewed(const Context& context, const BearerPtr& refused_bearer) {
  const std::scoped_lock lock(m_mutex);
  if (m_bearer && m_bearer->generation != refused_bearer->generation) return m_bearer;
  if (!m_session.options().access_token.empty())
    return Error(ErrorCode::denied, "the access token was refused and cannot be renewed")
        .hint("give a fresh GENESYSCLOUD_ACCESS_TOKEN, or a client id and secret");
  return fetch(context);
}

Result<BearerPtr> TokenSource::fetch(const Context& context) {
  const auto& options = m_session.options();
  if (!options.access_token.empty()) return m_bearer = bearer_of(options.access_token, ++m_generation);
  if (options.client_id.empty() || options.client_secret.empty())
    return Error(ErrorCode::denied, "there are no credentials for Genesys Cloud")
        .hint("set GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET");
  const auto authorization = cloud::basic_authorization(options.client_id, options.client_secret);
  HttpRequest request;
  request.method = "POST";
  request.url = options.endpoints.token;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = "grant_type=client_credentials";
  request.authorization = &authorization;
  request.timeout = options.timeout;
  request.body_limit = 1U << 20;
  request.secret_answer = true;
  auto patience = m_session.patience();
  int torn = 0;
  for (;;) {
    // Repeated whatever was lost: a token that nobody received ends by itself.
    auto answer = m_session.send(context, request);
    if (!answer) {
      const auto code = answer.error().error.code;
      if (!cloud::is_transient(code, torn)) return std::move(answer.error().error);
      if (code == ErrorCode::protocol) ++torn;
      TRY(patience.before_next(context, std::move(answer.error().error)));
      continue;
    }
    if (answer->status == 200) return m_bearer = bearer_of(TRY(read_token(*answer)), ++m_generation);
    const auto seen = read_message(*answer);
    const bool server_failed = answer->status >= 500 && answer->status != 501;
    if (!server_failed && !is_throttled(*answer, seen)) return refused(*answer, seen);
    const auto asked = asked_to_wait(*answer, seen.message, m_session.clock().now());
    TRY(patience.before_next(context, refused(*answer, seen), asked));
  }
}

Result<SecretBuffer> TokenSource::read_token(const HttpResponse& response) const {
  auto token = cloud::secret_field(response.secret_body, "access_token");
  // The body is not shown: it may be a token in a shape that was not understood.
  if (token.empty())
    return Error(ErrorCode::protocol, "POST /oauth/token answered 200 without an access_token that can be used")
        .hint("check base_url and login_url: they must be the service's own addresses");
  return token;
}

}  // namespace trunkform::genesys
