#pragma once
// Ports that write down what goes through them. Thread-safe where what they wrap is.
#include "cmd/engine/run_log.hpp"
#include "cmd/trunkform/log.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::cli {

/// Each exchange: method, address without its query, status, correlation id, how long it took. Never a header or a
/// body.
class LoggingHttpClient final : public HttpClient {
 public:
  LoggingHttpClient(HttpClient& client, const Clock& clock, const Log& log)
      : m_client(client), m_clock(clock), m_log(log) {}
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override;

 private:
  HttpClient& m_client;
  const Clock& m_clock;
  const Log& m_log;
};

/// Each event once it is durable, with its number and its address.
class LoggingEventSink final : public engine::EventSink {
 public:
  /// Null: nothing is logged.
  explicit LoggingEventSink(const Log* log) : m_log(log) {}
  void on_event(const Event& event) override;

 private:
  const Log* m_log;
};

}  // namespace trunkform::cli
