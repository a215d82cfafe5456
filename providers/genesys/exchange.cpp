#include "providers/genesys/exchange.hpp"

#include "providers/cloud/echo.hpp"
#include "providers/genesys/asked_to_wait.hpp"

namespace trunkform::genesys {
namespace {

using Failed = tl::unexpected<CallFailure>;

Failed failed(Error error, int status = 0, Outcome outcome = Outcome::did_not_happen) {
  return Failed(CallFailure{std::move(error), status, outcome});
}

bool is_server_failure(int status) { return status >= 500 && status != 501; }

}  // namespace

HttpRequest Exchange::request_of(const Call& call) const {
  HttpRequest request;
  request.method = call.method;
  request.url = m_session.options().endpoints.api + call.path;
  if (!call.query.empty()) request.url += "?" + call.query;
  request.headers = {{"Accept", "application/json"}};
  if (call.secret_body != nullptr) request.headers.push_back({"Content-Type", "application/json"});
  request.secret_body = call.secret_body;
  request.timeout = m_session.options().timeout;
  return request;
}

tl::expected<HttpResponse, CallFailure> Exchange::call(const Context& context, const Call& call) {
  auto request = request_of(call);
  auto patience = m_session.patience();
  int torn = 0;
  bool renewed = false;
  auto bearer = m_tokens.current(context);
  for (bool first = true;; first = false) {
    if (!first && call.before_repeat)
      if (auto wanted = call.before_repeat(); !wanted) return failed(std::move(wanted.error()));
    if (!bearer) return failed(std::move(bearer.error()), 401);
    request.authorization = &(*bearer)->authorization;
    auto answer = m_session.send(context, request);
    if (!answer) {
      auto& [error, reached] = answer.error();
      const bool certainly_not = reached == Reached::no;
      const bool again = cloud::is_transient(error.code, torn) && (certainly_not || call.repeat == Repeat::freely);
      if (error.code == ErrorCode::protocol) ++torn;
      if (!again)
        return failed(std::move(error), 0, certainly_not ? Outcome::did_not_happen : Outcome::may_have_happened);
      if (auto wait = patience.before_next(context, std::move(error)); !wait) return failed(std::move(wait.error()));
      continue;
    }
    if (answer->status >= 200 && answer->status < 300) return std::move(*answer);
    cloud::blank_echo(*answer, request);
    auto error = answered_error(call.name(), *answer);
    if (answer->status == 401 && !renewed) {
      renewed = true;
      const auto refused = *bearer;
      bearer = m_tokens.renewed(context, refused);
      if (!bearer) return failed(std::move(error).because(std::move(bearer.error())), 401);
      continue;
    }
    const bool throttled = answer->status == 429;
    const bool broken = is_server_failure(answer->status);
    if (!throttled && !(broken && call.repeat == Repeat::freely))
      return failed(std::move(error), answer->status, broken ? Outcome::may_have_happened : Outcome::did_not_happen);
    const auto asked = asked_to_wait(*answer, read_message(*answer).message, m_session.clock().now());
    // The limit is the token's, not this call's: nobody else should run into it meanwhile.
    if (throttled && asked && *asked <= m_session.options().retry_budget) m_session.hold(*asked);
    if (auto wait = patience.before_next(context, std::move(error), asked); !wait)
      return failed(std::move(wait.error()), answer->status);
  }
}

}  // namespace trunkform::genesys
