#include "providers/platform/simulated/http_client.hpp"

namespace trunkform::platform {

HttpResponse http_response(int status, std::string body, std::vector<HttpHeader> headers) {
  HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}

void ScriptedHttpClient::push(HttpAnswer answer) {
  const std::scoped_lock lock(m_mutex);
  m_script.push_back(std::move(answer));
}

void ScriptedHttpClient::push(int status, std::string body, std::vector<HttpHeader> headers) {
  push(http_response(status, std::move(body), std::move(headers)));
}

void ScriptedHttpClient::push_failure(ErrorCode code, Reached reached, std::string summary) {
  push(tl::unexpected(HttpFailure{Error(code, std::move(summary)), reached}));
}

void ScriptedHttpClient::handle(Handler handler) {
  const std::scoped_lock lock(m_mutex);
  m_handler = std::move(handler);
}

HttpAnswer ScriptedHttpClient::send(const Context& context, const HttpRequest& request) {
  if (context.stop.stop_requested())
    return tl::unexpected(HttpFailure{Error(ErrorCode::cancelled, "stopped"), Reached::no});
  SentRequest sent{request.method, request.url,     request.headers,    {}, request.body,
                   false,          request.timeout, request.secret_url, {}, request.ca_file};
  sent.deadline = context.deadline;
  if (request.authorization != nullptr) sent.authorization = request.authorization->view();
  for (const auto& header : request.secret_headers)
    sent.secret_headers.push_back({header.name, std::string(header.value->view())});
  if (request.secret_body != nullptr) {
    sent.body = request.secret_body->view();
    sent.secret = true;
  }
  if (request.client_certificate != nullptr) {
    sent.client_chain = request.client_certificate->chain;
    sent.client_key = request.client_certificate->private_key.view();
  }
  HttpAnswer answer = tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "no answer is scripted"), Reached::no});
  Handler handler;
  {
    const std::scoped_lock lock(m_mutex);
    m_sent.push_back(sent);
    handler = m_handler;
    if (!m_script.empty()) {
      answer = std::move(m_script.front());
      m_script.pop_front();
      handler = nullptr;
    }
  }
  if (handler) answer = handler(sent);
  if (answer && request.secret_answer) {
    answer->secret_body = SecretBuffer::copy_of(answer->body);
    answer->body.clear();
  }
  return answer;
}

std::vector<SentRequest> ScriptedHttpClient::sent() const {
  const std::scoped_lock lock(m_mutex);
  return m_sent;
}

std::size_t ScriptedHttpClient::pending() const {
  const std::scoped_lock lock(m_mutex);
  return m_script.size();
}

}  // namespace trunkform::platform
