// Which etcd a state goes to and as whom, as backend.etcd, the environment and the operator's trust say.
#include "cmd/trunkform/etcd_access.hpp"

#include "tests/unit/cmd/trunkform/access_bench.hpp"

using namespace trunkform;

namespace {

struct ClusterBench : testing::AccessBench {
  ClusterBench() : AccessBench({{"ETCDCTL_USER", "ops"}, {"ETCDCTL_PASSWORD", "canary-password"}}, "etcd", {}) {
    environment.variables["ETCDCTL_ENDPOINTS"] = "http://127.0.0.1:1";
  }
  Result<std::shared_ptr<KeyValueStore>> open() { return cli::open_cluster(world, trust, settings); }
};

}  // namespace

TEST_CASE("members that the configuration names are the operator's to trust, each of them; the environment's are his") {
  ClusterBench bench;
  REQUIRE(bench.open());
  bench.settings.arguments = {{"endpoints", "https://etcd-1.example.com:2379"}};
  const auto refused = bench.open();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::untrusted);
  CHECK(refused.error().hints.front().find("trust add host etcd-1.example.com:2379 etcd") != std::string::npos);
  CHECK(bench.http.sent().empty());
}

TEST_CASE("user and password may be one variable, and neither is told") {
  ClusterBench bench;
  bench.environment.variables["ETCDCTL_USER"] = "ops:canary-password";
  bench.environment.variables.erase("ETCDCTL_PASSWORD");
  const auto store = bench.open();
  REQUIRE(store);
  CHECK((*store)->place() == "127.0.0.1:1");
}

TEST_CASE("half of a credential for etcd is told before anything is asked") {
  struct Row {
    std::string without, with, told;
  };
  const auto row = GENERATE(values<Row>({{"ETCDCTL_PASSWORD", "", "there is no password"},
                                         {"ETCDCTL_USER", "", "nothing says whose it is"},
                                         {"ETCDCTL_ENDPOINTS", "", "nothing says where the members are"},
                                         {"", "ETCDCTL_CERT", "a client certificate needs its key"},
                                         {"", "ETCDCTL_KEY", "a client certificate needs its key"}}));
  INFO(row.without << row.with);
  ClusterBench bench;
  bench.environment.variables.erase(row.without);
  if (!row.with.empty()) bench.environment.variables[row.with] = "name.pem";
  const auto opened = bench.open();
  REQUIRE_FALSE(opened);
  CHECK(to_line(opened.error()).find(row.told) != std::string::npos);
  CHECK_FALSE(opened.error().hints.empty());
}
