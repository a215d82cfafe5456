// Whose container a state goes into, as backend.azblob and the operator's trust say.
#include "cmd/trunkform/container_access.hpp"

#include "tests/unit/cmd/trunkform/access_bench.hpp"

using namespace trunkform;

namespace {

struct ContainerBench : testing::AccessBench {
  ContainerBench()
      : AccessBench({{"AZURE_TENANT_ID", "tenant"},
                     {"AZURE_CLIENT_ID", "client"},
                     {"AZURE_CLIENT_SECRET", "canary-client-secret"}},
                    "azblob", {{"storage_account", "opsstate"}, {"container", "ops-state"}}) {
    http.handle([](const platform::SentRequest& request) -> platform::HttpAnswer {
      if (request.method == "POST")
        return platform::http_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"token"})");
      return platform::http_response(200, "text", {{"ETag", "\"e\""}});
    });
  }
  Result<std::shared_ptr<BlobStore>> open() { return cli::open_container(world, trust, settings); }
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

TEST_CASE("a secret of the environment serves every container of a run, though it can be seen there but once") {
  ContainerBench bench;
  bench.environment.variables["TRUNKFORM_TRUST_FILE"] = "/etc/trust.json";
  REQUIRE(bench.files.create_directories("/etc"));
  REQUIRE(bench.files.replace(
      "/etc/trust.json", R"({"hosts":[{"host":"opsstate.blob.core.windows.net","port":443,"credentials":["azure"]}]})",
      0600));
  bench.trust = engine::Trust::load(bench.files, bench.environment, "/configuration").value();
  for (const auto* container : {"ops-state", "old-state"}) {
    INFO(container);
    bench.settings.arguments["container"] = container;
    const auto opened = bench.open();
    REQUIRE(opened);
    const auto blob = (*opened)->get({}, "default/document");
    INFO((blob ? "" : to_line(blob.error())));
    CHECK(blob);
  }
}
