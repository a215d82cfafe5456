#include "cmd/trunkform/logging_ports.hpp"

#include <fmt/format.h>

namespace trunkform::cli {
tl::expected<HttpResponse, HttpFailure> LoggingHttpClient::send(const Context& context, const HttpRequest& request) {
  if (!m_log.is_on(LogLevel::debug)) return m_client.send(context, request);
  const auto begun = m_clock.monotonic();
  auto answer = m_client.send(context, request);
  const auto took = fmt::format("{}", (m_clock.monotonic() - begun).count());
  const auto url = shown_url(request);
  if (!answer) {
    m_log.write(LogLevel::debug, "request failed",
                {{"method", request.method}, {"url", url}, {"ms", took}, {"error", to_line(answer.error().error)}});
    return answer;
  }
  const auto* correlation = answer->header("ININ-Correlation-Id");
  m_log.write(LogLevel::debug, "request",
              {{"method", request.method},
               {"url", url},
               {"status", fmt::format("{}", answer->status)},
               {"ms", took},
               {"correlation_id", correlation == nullptr ? "" : *correlation}});
  return answer;
}

void LoggingEventSink::on_event(const Event& event) {
  if (m_log == nullptr) return;
  const auto* address = address_of(event.body);
  m_log->write(LogLevel::info, kind_of(event.body),
               {{"sequence", fmt::format("{}", event.sequence)},
                {"run", event.run},
                {"address", address == nullptr ? std::string() : to_string(*address)}});
}

}  // namespace trunkform::cli
