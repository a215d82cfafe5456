#pragma once
// The simulated service as an HttpClient, without a socket: requests arrive at the Clock port's time, answers that the
// model loses are lost. Borrows both; thread-safe.
#include <atomic>
#include <exception>
#include <functional>

#include "cmd/genesys_sim/service/service.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::testing {

class ProcessKilled : public std::exception {
 public:
  const char* what() const noexcept override { return "killed at the service's door"; }
};

class ServiceHttpClient final : public HttpClient {
 public:
  ServiceHttpClient(sim::Service& service, const Clock& clock) : m_service(service), m_clock(clock) {}
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override;

  /// Before and after each request reaches the service, whatever it is: throws ProcessKilled to kill the process there.
  std::function<void(const HttpRequest&)> before, after;
  /// From the kill on nothing leaves the process.
  bool killed() const { return m_killed; }
  void revive() { m_killed = false; }

 private:
  std::atomic<bool> m_killed = false;

  sim::Service& m_service;
  const Clock& m_clock;
};

}  // namespace trunkform::testing
