// store-contract: asks the contract of stores (tests/unit/providers/stores/contract_test.cpp) of a real server, that
// STORE_KIND names: vault_kv, aws_secretsmanager or azure_keyvault_secret. Each test case has a place of its own
// beneath `sip/contract-`. Who it is, it takes from the variables that trunkform reads too.
#include <cstdlib>
#include <iostream>
#include <mutex>

#include <catch2/catch.hpp>

#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/sources/registry.hpp"
#include "providers/stores/registry.hpp"
#include "tests/unit/providers/stores/contract.hpp"

namespace trunkform::testing {
namespace {

std::string said(const char* name) {
  const auto* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// Waits for nobody.
class Clock final : public trunkform::Clock {
 public:
  Instant now() const override { return m_clock.now(); }
  Duration monotonic() const override { return m_clock.monotonic(); }
  Result<> sleep(const Context&, Duration) override { return {}; }

 private:
  platform::SystemClock m_clock;
};

/// Loses an exchange on purpose, after or instead of carrying it out.
class LossyHttpClient final : public HttpClient {
 public:
  explicit LossyHttpClient(const trunkform::Clock& clock) {
    platform::CurlOptions options;
    options.ca_file = said("TRUNKFORM_CA_FILE");
    m_client = platform::make_curl_client(std::move(options), clock);
  }
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override {
    std::optional<StoreBench::Lost> lost;
    {
      const std::scoped_lock lock(m_mutex);
      if (m_until_lost == 0) lost = m_lost;
      if (m_until_lost >= 0) --m_until_lost;
      m_open += request.method + " " + request.url + "\n" + request.body + "\n";
      for (const auto& header : request.headers) m_open += header.value + "\n";
    }
    const auto failure = [] {
      return tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "lost on purpose"), Reached::maybe});
    };
    if (lost == StoreBench::Lost::request) return failure();
    auto answer = m_client->send(context, request);
    if (lost) return failure();
    return answer;
  }
  void lose(StoreBench::Lost lost, int after) {
    const std::scoped_lock lock(m_mutex);
    m_lost = lost;
    m_until_lost = after;
  }
  std::string open() {
    const std::scoped_lock lock(m_mutex);
    return m_open;
  }

 private:
  std::unique_ptr<HttpClient> m_client;
  std::mutex m_mutex;
  StoreBench::Lost m_lost{};
  int m_until_lost = -1;
  std::string m_open;
};

cloud::vault::Options vault_options() {
  cloud::vault::Options options;
  options.address = said("VAULT_ADDR");
  options.login.secret = [] { return Result<SecretBuffer>(SecretBuffer::copy_of(said("VAULT_TOKEN"))); };
  return options;
}
cloud::aws::Options aws_options() {
  cloud::aws::Options options;
  options.region = said("AWS_REGION");
  options.endpoint = [](const std::string&, const std::string&) {
    return Result<std::string>(said("AWS_ENDPOINT_URL"));
  };
  options.own_account = [](const Context&) { return Result<std::string>("123456789012"); };
  return options;
}
Result<cloud::aws::Credentials> aws_credentials(const Context&) {
  cloud::aws::Credentials credentials;
  credentials.access_key_id = said("AWS_ACCESS_KEY_ID");
  credentials.secret_access_key = SecretBuffer::copy_of(said("AWS_SECRET_ACCESS_KEY"));
  return credentials;
}
cloud::azure::Options azure_options() {
  cloud::azure::Options options;
  const auto secret = [] { return Result<SecretBuffer>(SecretBuffer::copy_of(said("AZURE_CLIENT_SECRET"))); };
  const cloud::azure::Application us{said("AZURE_TENANT_ID"), said("AZURE_CLIENT_ID")};
  options.identity = {said("AZURE_AUTHORITY_HOST"), {{"us", cloud::azure::ClientSecret{us, secret}, {}}}};
  return options;
}

class RealBench final : public StoreBench {
 public:
  RealBench() : m_http(m_clock), m_kind(said("STORE_KIND")) {
    const auto name = "contract-" + m_random.uuid();
    if (m_kind == "vault_kv") m_place = {m_kind, {{"path", "sip/" + name}}};
    if (m_kind == "vault_kv" && !said("STORE_PUBLIC").empty())
      m_place.arguments.emplace("public_path", "sip-public/" + name);
    if (m_kind == "aws_secretsmanager") m_place = {m_kind, {{"secret_id", "sip/" + name}}};
    if (m_kind == "azure_keyvault_secret") m_place = {m_kind, {{"vault", said("VAULT_URL")}, {"name", name}}};
    const auto opened = [this](auto Clients::* client) {
      return [this, client] {
        const std::scoped_lock lock(m_mutex);
        m_clients.push_back(std::make_unique<Clients>(*this));
        return &((*m_clients.back()).*client);
      };
    };
    m_of_stores.vault = m_of_sources.vault = opened(&Clients::vault);
    m_of_stores.aws = m_of_sources.aws = opened(&Clients::aws);
    m_of_stores.azure =
        m_of_sources.azure = [azure = opened(&Clients::azure)](const cloud::azure::VaultPlace&) { return azure(); };
  }
  std::unique_ptr<SecretStore> store() override {
    auto made = stores::make_store(m_place, {m_files, m_clock, {}, m_of_stores});
    if (!made) FAIL(to_line(made.error()));
    return std::move(*made);
  }
  std::unique_ptr<CertificateSource> source() override {
    auto made = sources::make_source(m_place, {m_files, {}, nullptr, &m_of_sources});
    if (!made) FAIL(to_line(made.error()));
    return std::move(*made);
  }
  std::string sent_in_the_open() override { return m_http.open(); }
  bool keeps_stagers_apart() const override { return m_kind != "aws_secretsmanager"; }
  bool lose(Lost lost, int after) override {
    m_http.lose(lost, after);
    return true;
  }

 private:
  /// Of one run.
  struct Clients {
    explicit Clients(RealBench& bench)
        : vault(vault_options(), bench.m_http, bench.m_clock, bench.m_random),
          azure(azure_options(), bench.m_http, bench.m_clock, bench.m_random),
          aws_keeper(aws_credentials, bench.m_clock),
          aws(aws_options(), aws_keeper, bench.m_http, bench.m_clock, bench.m_random) {}
    cloud::vault::Client vault;
    cloud::azure::Client azure;
    cloud::aws::CredentialKeeper aws_keeper;
    cloud::aws::Client aws;
  };

  Clock m_clock;
  platform::SystemRandom m_random;
  platform::PosixFileSystem m_files;
  LossyHttpClient m_http;
  std::string m_kind;
  Locator m_place;
  stores::Services m_of_stores;
  sources::Services m_of_sources;
  std::mutex m_mutex;
  std::vector<std::unique_ptr<Clients>> m_clients;
};

}  // namespace

std::vector<StoreKind> store_kinds() {
  return {{said("STORE_KIND"), [] { return std::make_unique<RealBench>(); }}};
}

}  // namespace trunkform::testing
