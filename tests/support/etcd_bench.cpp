#include "tests/support/etcd_bench.hpp"

#include <atomic>
#include <thread>

#include "providers/cloud/etcd/store.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "state/backends/etcd/engine.hpp"
#include "state/backends/etcd/keys.hpp"
#include "state/backends/etcd/layout.hpp"
#include "tests/support/backend_machine.hpp"
#include "tests/support/cutting_proxy.hpp"

using namespace std::chrono_literals;

namespace trunkform::testing {
namespace {

namespace etcd = cloud::etcd;

/// The real store, whose renewals can be lost.
class StoreOfARun final : public KeyValueStore {
 public:
  StoreOfARun(std::unique_ptr<KeyValueStore> inner, const std::atomic<bool>& renewals_arrive)
      : m_inner(std::move(inner)), m_renewals_arrive(renewals_arrive) {}

  std::string place() const override { return m_inner->place(); }
  Result<KeyPage> read(const Context& context, const KeyRange& range, int most, Revision at, KeyOrder order) override {
    return m_inner->read(context, range, most, at, order);
  }
  Result<std::optional<Revision>> transact(const Context& context, const Transaction& transaction) override {
    return m_inner->transact(context, transaction);
  }
  Result<LeaseId> grant(const Context& context, Duration time_to_live) override {
    return m_inner->grant(context, time_to_live);
  }
  Result<> keep_alive(const Context& context, LeaseId lease) override {
    if (!m_renewals_arrive) return Error(ErrorCode::unavailable, "the renewal was lost");
    return m_inner->keep_alive(context, lease);
  }
  Result<> revoke(const Context& context, LeaseId lease) override { return m_inner->revoke(context, lease); }
  Result<Instant> now(const Context& context) override { return m_inner->now(context); }

 private:
  std::unique_ptr<KeyValueStore> m_inner;
  const std::atomic<bool>& m_renewals_arrive;
};

class EtcdBench final : public BackendBench {
 public:
  EtcdBench() : m_proxy("127.0.0.1", port()), m_http(platform::make_curl_client({}, m_machine.clock)) {
    m_settings.prefix = "trunkform/" + place_of_a_case();
    m_settings.time_to_live = 5s;
  }

  state::Backend open(const std::string& workspace) override {
    const std::shared_ptr<KeyValueStore> store =
        std::make_shared<StoreOfARun>(connected(m_proxy.port()), m_renewals_arrive);
    return m_machine.open(
        [this, store](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
          return state::etcd::open_engine(m_settings, name, store, m_machine.clock, m_machine.random);
        },
        workspace);
  }
  /// What is put begins with our mark, or is the note of a lock.
  bool lose_next(Lost lost) override {
    m_proxy.cut_next(
        lost == Lost::request ? CuttingProxy::Cut::before_the_request : CuttingProxy::Cut::before_the_answer,
        {"trunkform-etcd 1 ", "\"Operation\""});
    return true;
  }
  bool has_lost() override { return m_proxy.has_cut(); }
  bool take_lock_away(const std::string& workspace) override {
    const auto store = connected(port());
    const auto lock = state::etcd::read_key({}, *store, state::etcd::Layout(m_settings.prefix, workspace).lock());
    return lock && *lock && store->revoke({}, (*lock)->lease);
  }
  /// Renewals are lost from now on, and then the server's own clock runs.
  bool let_lock_run_out() override {
    m_renewals_arrive = false;
    std::this_thread::sleep_for(m_settings.time_to_live + 2s);
    m_renewals_arrive = true;
    return true;
  }

 private:
  Machine m_machine;
  CuttingProxy m_proxy;
  std::unique_ptr<HttpClient> m_http;
  state::etcd::Settings m_settings;
  std::atomic<bool> m_renewals_arrive = true;

  static std::uint16_t port() { return static_cast<std::uint16_t>(std::stoi(said("ETCD_PORT"))); }
  std::unique_ptr<KeyValueStore> connected(std::uint16_t at) {
    etcd::StoreOptions options;
    options.endpoints = etcd::endpoints_of("http://127.0.0.1:" + std::to_string(at)).value();
    options.identity.user = said("ETCDCTL_USER");
    options.identity.password = SecretBuffer::copy_of(said("ETCDCTL_PASSWORD"));
    return etcd::open_store(std::move(options), *m_http, m_machine.clock);
  }
};

}  // namespace

std::unique_ptr<BackendBench> make_etcd_bench() { return std::make_unique<EtcdBench>(); }

}  // namespace trunkform::testing
