#include "tests/unit/providers/stores/fake_service.hpp"

namespace trunkform::testing {

tl::expected<HttpResponse, HttpFailure> FakeHttpClient::send(const Context&, const HttpRequest& request) {
  const std::scoped_lock lock(m_mutex);
  const auto path = request.url.substr(std::min(request.url.find('/', request.url.find("//") + 2), request.url.size()));
  std::string operation;
  m_open += request.method + " " + request.url + "\n" + request.body + "\n";
  for (const auto& header : request.headers) {
    m_open += header.name + ": " + header.value + "\n";
    if (header.name == "X-Amz-Target") operation = header.value.substr(header.value.find('.') + 1);
  }
  m_calls += (operation.empty() ? request.method + " " + path : operation) + "\n";
  const bool is_lost = m_until_lost == 0;
  if (m_until_lost >= 0) --m_until_lost;
  const auto lost = [] {
    return tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "the connection was lost"), Reached::maybe});
  };
  if (is_lost && m_lost == StoreBench::Lost::request) return lost();
  const auto body = request.secret_body != nullptr ? std::string(request.secret_body->view()) : request.body;
  const auto answer = m_service->answer(request.method, path, operation, body);
  if (is_lost) return lost();
  HttpResponse response;
  response.status = answer.status;
  if (request.secret_answer)
    response.secret_body = SecretBuffer::copy_of(answer.body);
  else
    response.body = answer.body;
  return response;
}

void FakeHttpClient::lose(StoreBench::Lost lost, int after) {
  const std::scoped_lock lock(m_mutex);
  m_lost = lost;
  m_until_lost = after;
}

std::string FakeHttpClient::sent_in_the_open() {
  const std::scoped_lock lock(m_mutex);
  return m_open;
}

std::string FakeHttpClient::calls() {
  const std::scoped_lock lock(m_mutex);
  return std::exchange(m_calls, {});
}

}  // namespace trunkform::testing
