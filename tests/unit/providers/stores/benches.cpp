#include "tests/unit/providers/stores/benches.hpp"

#include <filesystem>

#include <catch2/catch.hpp>

namespace trunkform::testing {
namespace {

constexpr const char* k_now = "2026-11-27T20:00:00Z";

template <class T>
std::unique_ptr<T> must_be(Result<std::unique_ptr<T>> made) {
  if (!made) FAIL(to_line(made.error()));
  return std::move(*made);
}

cloud::vault::Options vault_options() {
  cloud::vault::Options options;
  options.address = "https://vault.example.com:8200";
  options.login.secret = [] { return Result<SecretBuffer>(SecretBuffer::copy_of("canary-token")); };
  return options;
}
cloud::azure::Options azure_options() {
  cloud::azure::Options options;
  const auto secret = [] { return Result<SecretBuffer>(SecretBuffer::copy_of("canary-secret")); };
  options.identity = {"https://login.microsoftonline.com",
                      {{"us", cloud::azure::ClientSecret{{"t", "c"}, secret}, {}}}};
  return options;
}
cloud::aws::Options aws_options() {
  cloud::aws::Options options;
  options.region = "eu-central-1";
  options.endpoint = [](const std::string& service, const std::string& region) -> Result<std::string> {
    return "https://" + service + "." + region + ".amazonaws.com";
  };
  options.own_account = [](const Context&) { return Result<std::string>("123456789012"); };
  return options;
}
Result<cloud::aws::Credentials> aws_credentials(const Context&) {
  cloud::aws::Credentials credentials;
  credentials.access_key_id = "AKID";
  credentials.secret_access_key = SecretBuffer::copy_of("canary-access-key");
  return credentials;
}

class FilesBench final : public StoreBench {
 public:
  FilesBench() {
    std::string pattern = (std::filesystem::temp_directory_path() / "trunkform-stores-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) FAIL("no temporary folder");
    m_folder = pattern;
  }
  ~FilesBench() override { std::filesystem::remove_all(m_folder); }
  FilesBench(const FilesBench&) = delete;
  FilesBench& operator=(const FilesBench&) = delete;

  std::unique_ptr<SecretStore> store() override {
    return must_be(stores::make_store({"files", {{"path", "sip"}}}, {m_files, m_clock, m_folder, m_services}));
  }
  std::unique_ptr<CertificateSource> source() override {
    return must_be(sources::make_source(
        {"pem_files",
         {{"chain", "sip/live/chain.pem"}, {"private_key", "sip/live/key.pem"}, {"versions", "sip/versions/*/"}}},
        {m_files, m_folder, nullptr, nullptr}));
  }

 private:
  Path m_folder;
  platform::PosixFileSystem m_files;
  platform::SimulatedClock m_clock{*parse_rfc3339(k_now)};
  stores::Services m_services;
};

}  // namespace

/// Of one run.
struct FakeBench::Clients {
  explicit Clients(FakeBench& bench)
      : vault(vault_options(), bench.http, bench.clock, random),
        azure(azure_options(), bench.http, bench.clock, random),
        aws_keeper(aws_credentials, bench.clock),
        aws(aws_options(), aws_keeper, bench.http, bench.clock, random) {}
  platform::SeededRandom random{1};
  cloud::vault::Client vault;
  cloud::azure::Client azure;
  cloud::aws::CredentialKeeper aws_keeper;
  cloud::aws::Client aws;
};

FakeBench::FakeBench(std::unique_ptr<FakeService> service, Locator store, Locator source)
    : http(std::move(service)), clock(*parse_rfc3339(k_now)), m_store(std::move(store)), m_source(std::move(source)) {
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
FakeBench::~FakeBench() = default;

std::unique_ptr<SecretStore> FakeBench::store() {
  return must_be(stores::make_store(m_store, {m_files, clock, {}, m_of_stores}));
}
std::unique_ptr<CertificateSource> FakeBench::source() {
  return must_be(sources::make_source(m_source, {m_files, {}, nullptr, &m_of_sources}));
}

std::unique_ptr<FakeBench> vault_kv_bench(const std::string& public_path) {
  Locator place{"vault_kv", {{"path", "sip/east"}}};
  if (!public_path.empty()) place.arguments.emplace("public_path", public_path);
  return std::make_unique<FakeBench>(make_fake_vault(), place, place);
}
std::unique_ptr<FakeBench> aws_secretsmanager_bench() {
  const Locator place{"aws_secretsmanager", {{"secret_id", "sip/east"}}};
  return std::make_unique<FakeBench>(make_fake_secrets_manager(), place, place);
}
std::unique_ptr<FakeBench> azure_keyvault_secret_bench() {
  const Locator place{"azure_keyvault_secret", {{"vault", "sip"}, {"name", "east"}}};
  return std::make_unique<FakeBench>(make_fake_key_vault(), place, place);
}
std::unique_ptr<StoreBench> files_bench() { return std::make_unique<FilesBench>(); }

std::vector<StoreKind> store_kinds() {
  return {{"files", files_bench},
          {"aws_secretsmanager", aws_secretsmanager_bench},
          {"azure_keyvault_secret", azure_keyvault_secret_bench},
          {"vault_kv", [] { return vault_kv_bench(); }},
          {"vault_kv with a public secret", [] { return vault_kv_bench("sip-public/east"); }}};
}

}  // namespace trunkform::testing
