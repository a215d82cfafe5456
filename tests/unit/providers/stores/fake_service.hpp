#pragma once
// A service in memory behind an HttpClient, whose exchanges can be lost on purpose. Thread-safe.
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "schemas/ports/http_client.hpp"
#include "tests/unit/providers/stores/contract.hpp"

namespace trunkform::testing {

struct FakeAnswer {
  int status = 200;
  std::string body;
};

/// What is in the service; asked under a lock, one after the other. `operation`: `X-Amz-Target` after its dot, or
/// empty.
class FakeService {
 public:
  virtual ~FakeService() = default;
  virtual FakeAnswer answer(const std::string& method, const std::string& path, const std::string& operation,
                            const std::string& body) = 0;
};

/// Version 2 of the key/value engine, mounted at `secret`.
std::unique_ptr<FakeService> make_fake_vault();
/// As AWS documents it: labels move on a condition.
std::unique_ptr<FakeService> make_fake_secrets_manager();
/// One key vault, and the authority that gives tokens for it.
std::unique_ptr<FakeService> make_fake_key_vault();

class FakeHttpClient final : public HttpClient {
 public:
  explicit FakeHttpClient(std::unique_ptr<FakeService> service) : m_service(std::move(service)) {}
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override;

  void lose(StoreBench::Lost lost, int after);
  std::string sent_in_the_open();
  /// `METHOD PATH` or the operation, one a line.
  std::string calls();

 private:
  std::mutex m_mutex;
  std::unique_ptr<FakeService> m_service;
  StoreBench::Lost m_lost{};
  int m_until_lost = -1;
  std::string m_open;
  std::string m_calls;
};

}  // namespace trunkform::testing
