// Whose container a state goes into, as backend.azblob and the operator's trust say.
#include "cmd/trunkform/container_access.hpp"

#include <map>
#include <optional>
#include <sstream>

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"

using namespace trunkform;

namespace {

class AzureEnvironment final : public ProcessEnvironment {
 public:
  std::map<std::string, std::string> variables{
      {"AZURE_TENANT_ID", "tenant"}, {"AZURE_CLIENT_ID", "client"}, {"AZURE_CLIENT_SECRET", "set"}};
  std::optional<std::string> variable(const std::string& name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<SecretBuffer> take_secret(const std::string& name) override {
    if (name == "AZURE_CLIENT_SECRET") return SecretBuffer::copy_of("canary-client-secret");
    return std::nullopt;
  }
  std::vector<std::string> names_with_prefix(const std::string&) const override { return {}; }
  Actor actor() const override { return {"ann", "host-1", 4711}; }
};

class UnaskedTls final : public TlsProbe {
 public:
  Result<std::vector<ServedChain>> observe(const Context&, const TlsProbePolicy&) override {
    return Error(ErrorCode::internal, "not asked");
  }
};
class UnaskedSip final : public SipProbe {
 public:
  Result<int> options(const Context&, const TlsProbePolicy&) override { return 0; }
  Result<CallOutcome> call(const Context&, const TlsProbePolicy&, const CallPolicy&) override { return CallOutcome{}; }
};

struct ContainerBench {
  platform::SimulatedFileSystem files;
  platform::SimulatedClock clock{*parse_rfc3339("2026-11-28T08:00:00Z")};
  platform::SeededRandom random{1};
  AzureEnvironment environment;
  platform::ScriptedHttpClient http;
  UnaskedTls tls;
  UnaskedSip sip;
  std::ostringstream out, err;
  std::istringstream in;
  cli::World world{files, clock, random, environment, http, tls, sip, {out, err, in}, "/configuration", {}, {}};
  language::BackendSettings settings{"azblob",
                                     {{"storage_account", "opsstate"}, {"container", "ops-state"}},
                                     SourceRange{"main.trunk.json", {3, 7, 40}, {3, 20, 53}}};

  ContainerBench() {
    http.handle([](const platform::SentRequest& request) -> platform::HttpAnswer {
      if (request.method == "POST")
        return platform::http_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"token"})");
      return platform::http_response(200, "text", {{"ETag", "\"e\""}});
    });
  }
  Result<std::shared_ptr<BlobStore>> open() { return cli::open_container(world, trust, settings); }
  engine::Trust trust;
};

}  // namespace

TEST_CASE("an account is the operator's to trust by its name, and nothing is asked of anybody before") {
  ContainerBench bench;
  const auto refused = bench.open();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::untrusted);
  CHECK(refused.error().hints.front().find("trust add host opsstate.blob.core.windows.net:443 azure") !=
        std::string::npos);
  CHECK(bench.http.sent().empty());
}

TEST_CASE("what backend.azblob says wrongly is told before anything is asked") {
  struct Row {
    std::string argument, value, told;
  };
  const auto row = GENERATE(values<Row>({{"container", "Ops", "not the name of a container"},
                                         {"storage_account", "https://ops", "names no storage account"},
                                         {"storage_account", "", "no storage account is named"},
                                         {"endpoint", "https://ops.example.com", "two storage accounts are named"}}));
  INFO(row.argument << ' ' << row.value);
  ContainerBench bench;
  bench.settings.arguments[row.argument] = row.value;
  const auto opened = bench.open();
  REQUIRE_FALSE(opened);
  CHECK(to_line(opened.error()).find(row.told) != std::string::npos);
  CHECK_FALSE(opened.error().hints.empty());
  CHECK(bench.http.sent().empty());
}
