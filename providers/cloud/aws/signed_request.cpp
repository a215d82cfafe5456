#include "providers/cloud/aws/signed_request.hpp"

#include "schemas/model/url.hpp"

namespace trunkform::cloud::aws {

Result<HttpRequest> SignedRequest::unsigned_one() const {
  const auto url = TRY(parse_url(endpoint));
  HttpRequest request;
  request.method = signable.method;
  request.url = url.base() + signable.path;
  if (!signable.query.empty()) request.url += "?" + canonical_query(signable.query);
  request.headers = signable.headers;
  request.secret_body = body;
  request.timeout = timeout;
  request.body_limit = body_limit;
  request.secret_answer = true;
  return request;
}

Result<HttpRequest> SignedRequest::prepare(const Credentials& credentials, Instant now) {
  auto request = TRY(unsigned_one());
  const auto url = TRY(parse_url(endpoint));
  auto whole = signable;
  whole.host = url.authority;
  whole.path = url.path + signable.path;
  whole.body = body == nullptr ? std::string_view() : body->view();
  m_signature = sign(whole, credentials, scope, now);
  request.headers.push_back({"X-Amz-Date", m_signature.date});
  if (scope.path == PathRule::as_sent) request.headers.push_back({"X-Amz-Content-Sha256", m_signature.body_digest});
  request.authorization = &m_signature.authorization;
  if (!credentials.session_token.empty())
    request.secret_headers.push_back({"X-Amz-Security-Token", &credentials.session_token});
  return request;
}

}  // namespace trunkform::cloud::aws
