#pragma once
// The simulated service as an HttpClient, without a socket: requests arrive at the Clock port's time, answers that the
// model loses are lost. Borrows both; thread-safe.
#include "cmd/genesys_sim/service/service.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::testing {

class ServiceHttpClient final : public HttpClient {
 public:
  ServiceHttpClient(sim::Service& service, const Clock& clock) : m_service(service), m_clock(clock) {}
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override;

 private:
  sim::Service& m_service;
  const Clock& m_clock;
};

}  // namespace trunkform::testing
