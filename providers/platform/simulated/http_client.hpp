#pragma once
// An HttpClient that answers from a script or a function and remembers what it was asked. Thread-safe; a handler is
// called outside the lock, so it must be thread-safe itself where requests go side by side.
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "schemas/ports/http_client.hpp"

namespace trunkform::platform {

/// What was sent, secrets included: tests look for leaks with it.
struct SentRequest {
  std::string method;
  std::string url;
  std::vector<HttpHeader> headers;
  std::string authorization;
  std::string body;  ///< the secret one where it was secret
  bool secret = false;
  Duration timeout{};
  bool secret_url = false;
  std::vector<HttpHeader> secret_headers{};
  std::string ca_file{};
  std::string client_chain{};  ///< of `HttpRequest::client_certificate`; empty: none was shown
  std::string client_key{};
  std::optional<Instant> deadline{};  ///< of the context
};

using HttpAnswer = tl::expected<HttpResponse, HttpFailure>;

class ScriptedHttpClient final : public HttpClient {
 public:
  using Handler = std::function<HttpAnswer(const SentRequest&)>;

  /// Answers in order; used up before the handler is asked.
  void push(HttpAnswer answer);
  void push(int status, std::string body, std::vector<HttpHeader> headers = {});
  void push_failure(ErrorCode code, Reached reached, std::string summary = "simulated failure");
  void handle(Handler handler);

  HttpAnswer send(const Context& context, const HttpRequest& request) override;

  std::vector<SentRequest> sent() const;
  std::size_t pending() const;

 private:
  mutable std::mutex m_mutex;
  std::deque<HttpAnswer> m_script;
  Handler m_handler;
  std::vector<SentRequest> m_sent;
};

/// A response as a server would give it.
HttpResponse http_response(int status, std::string body, std::vector<HttpHeader> headers = {});

}  // namespace trunkform::platform
