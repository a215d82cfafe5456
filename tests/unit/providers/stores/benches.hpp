#pragma once
// The stores over their fakes, made by the registries as in a run.
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/random.hpp"
#include "providers/sources/registry.hpp"
#include "providers/stores/registry.hpp"
#include "tests/unit/providers/stores/fake_service.hpp"

namespace trunkform::testing {

class FakeBench final : public StoreBench {
 public:
  /// `source`: what its store is read with.
  FakeBench(std::unique_ptr<FakeService> service, Locator store, Locator source);
  ~FakeBench() override;

  std::unique_ptr<SecretStore> store() override;
  std::unique_ptr<CertificateSource> source() override;
  std::string sent_in_the_open() override { return http.sent_in_the_open(); }
  bool lose(Lost lost, int after) override {
    http.lose(lost, after);
    return true;
  }

  FakeHttpClient http;
  platform::SimulatedClock clock;

 private:
  Locator m_store, m_source;
  platform::PosixFileSystem m_files;
  stores::Services m_of_stores;
  sources::Services m_of_sources;
  struct Clients;
  std::mutex m_mutex;
  std::vector<std::unique_ptr<Clients>> m_clients;
};

std::unique_ptr<FakeBench> vault_kv_bench(const std::string& public_path = {});
std::unique_ptr<FakeBench> aws_secretsmanager_bench();
std::unique_ptr<FakeBench> azure_keyvault_secret_bench();
/// In a folder of its own.
std::unique_ptr<StoreBench> files_bench();

}  // namespace trunkform::testing
