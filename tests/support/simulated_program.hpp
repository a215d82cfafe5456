#pragma once
// The whole program in a world that is not real: a disk in memory, a clock that moves when somebody sleeps, the
// simulated service without sockets, probes that say what a test tells them. Each `run` is one process.
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cmd/genesys_sim/judge.hpp"
#include "cmd/trunkform/program.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/random.hpp"
#include "providers/x509/facts_cache.hpp"
#include "schemas/model/event.hpp"
#include "schemas/model/state.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/support/service_http_client.hpp"

namespace trunkform::testing {

/// Serves what was last bound, unless told otherwise.
class FakeTlsProbe final : public TlsProbe {
 public:
  using Answer = std::function<Result<std::vector<ServedChain>>(const TlsProbePolicy&)>;
  Answer answer;
  std::function<void(std::vector<ServedChain>&)> flatters;  ///< changes what was seen; for mutants
  std::size_t looks = 0;
  Result<std::vector<ServedChain>> observe(const Context& context, const TlsProbePolicy& policy) override;
};

class FakeSipProbe final : public SipProbe {
 public:
  int status = 200;
  Result<int> options(const Context&, const TlsProbePolicy&) override { return status; }
  Result<CallOutcome> outcome = CallOutcome{};
  std::size_t calls = 0;
  Result<CallOutcome> call(const Context&, const TlsProbePolicy&, const CallPolicy&) override {
    ++calls;
    return outcome;
  }
};

class FakeEnvironment final : public ProcessEnvironment {
 public:
  std::map<std::string, std::string> variables;
  std::vector<std::string> taken;  ///< the names that were asked for as secrets
  std::optional<std::string> variable(const std::string& name) const override;
  std::optional<SecretBuffer> take_secret(const std::string& name) override;
  std::vector<std::string> names_with_prefix(const std::string& prefix) const override;
  Actor actor() const override { return {"ann", "host-1", 4711}; }
};

struct Ended {
  int code = 0;
  std::string out;
  std::string err;
};

/// What `make_pair` makes, to be shared by many programs: making keys takes most of a short test's time.
struct PairText {
  std::string chain;
  std::string key;
};

class SimulatedProgram {
 public:
  SimulatedProgram();
  /// With an authority of its own making, and a client instead of a token; `make_pair` is for the other constructor.
  explicit SimulatedProgram(const std::string& root_pem);

  // What a test sets up.
  /// A chain and its key at `NAME.chain` and `NAME.key` of the folder, signed by the family's intermediate.
  ChainPtr make_pair(const std::string& name, Duration lifetime = std::chrono::hours(24 * 90));
  /// The same with a pair that was made elsewhere.
  ChainPtr use_pair(const std::string& name, const PairText& text);
  /// A trunk of the service, with a pair that was made, or none. Returns its id.
  std::string add_trunk(const std::string& name, const std::string& pair = "");
  void write(const std::string& name, const std::string& text);
  /// One binding for each of `trunks`, addresses `genesys_trunk_certificate.NAME`, all to the pair `pair`; `more` are
  /// further members of each binding, `rollout` those of the rollout block beside canary 0 and no pauses.
  void configure(const std::vector<std::string>& trunks, const std::string& pair, const std::string& more = "",
                 const std::string& rollout = R"("canary": 0, "stagger": "0s", "soak": "0s")");

  /// One process from its start to its end. `killed` is its code where a fault killed it: then the disk is as after a
  /// kill, or as after a power cut.
  Ended run(std::vector<std::string> arguments);
  /// The same while another one runs: called from within it.
  Ended run_beside(std::vector<std::string> arguments);
  /// The same with a clock of its own, as Turns gives it.
  Ended run_beside(std::vector<std::string> arguments, Clock& its_clock);
  static constexpr int killed = -9;
  enum class AfterKill { restart, power_cut };
  AfterKill after_kill = AfterKill::restart;

  // What a test looks at.
  std::string live(const std::string& trunk) const;  ///< the name of the pair on it, "" for none or a stranger's
  std::uint64_t patches() const { return service.summary().patches_committed; }
  std::size_t requests(const std::string& method, const std::string& trunk = "");
  /// When the service had each PATCH, by its own record.
  std::vector<Instant> patch_times();
  StateDocument state();
  std::vector<Event> events();
  static Address address(const std::string& name);

  platform::SimulatedClock clock{parse_rfc3339("2026-11-24T12:00:00Z").value()};
  platform::SimulatedFileSystem files;
  platform::SeededRandom random{7};
  sim::X509Judge judge;
  sim::Service service;
  ServiceHttpClient http{service, clock};
  HttpClient* wire = nullptr;  ///< instead of `http`, where a test has sockets of its own
  FakeEnvironment environment;
  FakeTlsProbe tls;
  FakeSipProbe sip;
  cli::Decorators decorators;
  cli::Outlets outlets;
  /// Who sits at the terminal: called when something is asked, and what is typed then. Null: there is no terminal.
  std::function<std::string()> types;
  std::stop_source stop, abandon;  ///< of the next `run`
  x509::FactsCache facts;
  /// The authority that signs what `make_pair` makes.
  const Family& family() const { return *m_family; }

 private:
  void prepare(const std::string& root_pem);
  /// Members of each entry of the service's own record of requests, as text.
  std::vector<std::string> request_log();

  std::optional<Family> m_family;
  std::map<std::string, std::string> m_chains;  // PEM by name
  std::map<std::string, std::string> m_keys;
  std::map<std::string, std::string> m_trunks;  // id by name
};

}  // namespace trunkform::testing
