// Which server a state goes to, as backend.http, the environment and the operator's trust say.
#include "cmd/trunkform/state_server_access.hpp"

#include "tests/unit/cmd/trunkform/access_bench.hpp"

using namespace trunkform;

namespace {

struct StateServerBench : testing::AccessBench {
  StateServerBench() : AccessBench({{"TF_HTTP_USERNAME", "ops"}, {"TF_HTTP_PASSWORD", "canary-password"}}, "http", {}) {
    http.handle([](const platform::SentRequest&) -> platform::HttpAnswer { return platform::http_response(404, ""); });
  }
  void by_environment() {
    environment.variables["TF_HTTP_ADDRESS"] = "https://state.example.com/a";
    environment.variables["TF_HTTP_LOCK_ADDRESS"] = "https://state.example.com/a/lock";
  }
  Result<std::shared_ptr<StateServer>> open() { return cli::open_state_server(world, trust, settings); }
};

}  // namespace

TEST_CASE("a server that the configuration names is the operator's to trust, one of the environment is his own") {
  StateServerBench bench;
  bench.by_environment();
  REQUIRE(bench.open());
  for (const auto* argument : {"address", "lock_address", "unlock_address"}) {
    INFO(argument);
    bench.settings.arguments = {{argument, "https://elsewhere.example.com/a"}};
    const auto refused = bench.open();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::untrusted);
    CHECK(refused.error().hints.front().find("trust add host elsewhere.example.com:443 http") != std::string::npos);
  }
  CHECK(bench.http.sent().empty());
}

TEST_CASE("user and password are the environment's, and neither is told") {
  StateServerBench bench;
  bench.by_environment();
  const auto server = bench.open();
  REQUIRE(server);
  CHECK((*server)->get({}, "default"));
  REQUIRE(bench.http.sent().size() == 1);
  CHECK(bench.http.sent().front().url == "https://state.example.com/a");
  CHECK((*server)->place("default").find("canary") == std::string::npos);
}

TEST_CASE("half of a credential is told before anything is asked") {
  struct Row {
    std::string without, with, told;
  };
  const auto row =
      GENERATE(values<Row>({{"TF_HTTP_PASSWORD", "", "there is no password"},
                            {"TF_HTTP_USERNAME", "", "nothing says whose it is"},
                            {"", "TF_HTTP_CLIENT_CERTIFICATE_PEM", "a client certificate needs its key"},
                            {"", "TF_HTTP_CLIENT_PRIVATE_KEY_PEM", "a client certificate needs its key"}}));
  INFO(row.without << row.with);
  StateServerBench bench;
  bench.by_environment();
  bench.environment.variables.erase(row.without);
  if (!row.with.empty()) bench.environment.variables[row.with] = "PEM";
  const auto opened = bench.open();
  REQUIRE_FALSE(opened);
  CHECK(to_line(opened.error()).find(row.told) != std::string::npos);
  CHECK_FALSE(opened.error().hints.empty());
  CHECK(bench.http.sent().empty());
}

TEST_CASE("without a lock's address there is no state") {
  StateServerBench bench;
  bench.environment.variables["TF_HTTP_ADDRESS"] = "https://state.example.com/a";
  const auto opened = bench.open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().summary == "backend.http has no lock_address");
  CHECK(opened.error().hints.front().find("TF_HTTP_LOCK_ADDRESS") != std::string::npos);
}
