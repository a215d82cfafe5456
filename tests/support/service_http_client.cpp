#include "tests/support/service_http_client.hpp"

namespace trunkform::testing {
namespace {

sim::Request as_received(const HttpRequest& request, Instant now) {
  sim::Request received;
  received.method = request.method;
  const auto host = request.url.find("//") + 2;
  const auto path = std::min(request.url.find('/', host), request.url.size());
  const auto question = std::min(request.url.find('?', path), request.url.size());
  received.path = request.url.substr(path, question - path);
  if (question < request.url.size()) received.query = request.url.substr(question + 1);
  for (const auto& header : request.headers) received.headers.push_back({header.name, header.value});
  if (request.authorization != nullptr)
    received.headers.push_back({"Authorization", std::string(request.authorization->view())});
  received.body = request.secret_body != nullptr ? std::string(request.secret_body->view()) : request.body;
  received.now = now;
  return received;
}

}  // namespace

tl::expected<HttpResponse, HttpFailure> ServiceHttpClient::send(const Context& context, const HttpRequest& request) {
  if (context.stop.stop_requested())
    return tl::unexpected(HttpFailure{Error(ErrorCode::cancelled, "stopped"), Reached::no});
  const auto lost = [] {
    return tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "the connection was lost"), Reached::maybe});
  };
  if (m_killed) return lost();
  const auto tap = [&](const auto& function) {
    try {
      if (function) function(request);
    } catch (const ProcessKilled&) {
      m_killed = true;
      throw;
    }
  };
  tap(before);
  const auto response = m_service.handle(as_received(request, m_clock.now()));
  tap(after);
  if (response.delivery.lost()) return lost();
  HttpResponse answer;
  answer.status = response.status;
  for (const auto& header : response.headers) answer.headers.push_back({header.name, header.value});
  if (request.secret_answer)
    answer.secret_body = SecretBuffer::copy_of(response.text());
  else
    answer.body = response.text();
  return answer;
}

}  // namespace trunkform::testing
