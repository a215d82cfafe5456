#include "tests/simulation/mutants.hpp"

#include "state/backends/local/local.hpp"

namespace trunkform::simulation {
namespace {

using namespace std::chrono_literals;
using testing::SimulatedProgram;

/// Says that intents are durable, and forgets each third.
class ForgetfulLog final : public EventLog {
 public:
  explicit ForgetfulLog(std::unique_ptr<EventLog> real) : m_real(std::move(real)) {}
  Result<EventPage> read(const Context& context, Sequence after) override { return m_real->read(context, after); }
  Result<Sequence> append(const Context& context, const Fence& fence, Sequence next, std::span<Event> events) override {
    const bool intent = !events.empty() && std::holds_alternative<Intent>(events.front().body);
    if (intent && ++m_intents % 3 == 0) {
      m_forgotten += events.size();
      return next + events.size() - 1;
    }
    auto last = m_real->append(context, fence, next - m_forgotten, events);
    if (!last) return last;
    return *last + m_forgotten;
  }

 private:
  std::unique_ptr<EventLog> m_real;
  int m_intents = 0;
  Sequence m_forgotten = 0;
};

/// Gives everybody the lock.
class GenerousLock final : public Lock {
 public:
  explicit GenerousLock(std::unique_ptr<Lock> real) : m_real(std::move(real)) {}
  Result<Lease> acquire(const Context& context, const LockInfo& info) override {
    auto lease = m_real->acquire(context, info);
    if (!lease && lease.error().code == ErrorCode::lock_held) return Lease{{info.id, 1}, {}, nullptr};
    return lease;
  }
  Result<> release(const Context& context, Lease lease) override { return m_real->release(context, std::move(lease)); }
  Result<std::optional<LockInfo>> holder(const Context& context) override { return m_real->holder(context); }
  Result<> break_lock(const Context& context, const std::string& id) override {
    return m_real->break_lock(context, id);
  }

 private:
  std::unique_ptr<Lock> m_real;
};

/// Everybody may go at once.
class HastyPacing final : public Pacing {
 public:
  Result<std::optional<PaceWait>> busy_until(const Context&, const CarrierKey&, std::size_t) override {
    return std::optional<PaceWait>();
  }
  Result<Place> take(const Context&, const CarrierKey& carrier, std::size_t, Duration, Duration) override {
    return Place{carrier, "ticket", Instant::max(), {}, {}};
  }
  Result<> leave_what_died(const Context&) override { return {}; }
  Result<> keep(const Context&, Place&, Duration) override { return {}; }
  Result<> leave(const Context&, const Place&, Duration) override { return {}; }
};

/// Reads a trunk once and remembers it for ever.
class StaleApi final : public TrunkApi {
 public:
  explicit StaleApi(std::unique_ptr<TrunkApi> real) : m_real(std::move(real)) {}
  Result<Organisation> organisation(const Context& context) override { return m_real->organisation(context); }
  Result<std::vector<LiveTrunk>> list(const Context& context,
                                      const std::function<void(std::size_t, std::size_t)>& progress) override {
    return m_real->list(context, progress);
  }
  Result<LiveTrunk> get(const Context& context, const TrunkId& id) override {
    if (const auto known = m_known.find(id); known != m_known.end()) return known->second;
    auto trunk = m_real->get(context, id);
    if (trunk) m_known.emplace(id, *trunk);
    return trunk;
  }
  Result<BindReceipt> bind(const Context& context, const TrunkId& id, const KeyPair& pair,
                           const std::optional<Identity>& from) override {
    return m_real->bind(context, id, pair, from);
  }
  std::uint64_t requests() const override { return m_real->requests(); }
  Duration longest_call() const override { return m_real->longest_call(); }
  std::optional<Duration> clock_difference() const override { return m_real->clock_difference(); }

 private:
  std::unique_ptr<TrunkApi> m_real;
  std::map<TrunkId, LiveTrunk> m_known;
};

/// Whatever the port serves, it is the new certificate.
void flatter(SimulatedProgram& program) {
  const auto chain = program.facts.chain_of_pem(program.files.read("/conf/new.chain", 1U << 20U).value()).value();
  program.tls.flatters = [chain](std::vector<ServedChain>& served) {
    for (auto& one : served) {
      one.chain = chain;
      one.error.reset();
    }
  };
}

}  // namespace

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> k_all{
      {"forgetful-log", "an event log that says an intent is durable and forgets it",
       [](SimulatedProgram& program) {
         program.decorators.backend = [](state::Backend& backend) {
           backend.log = std::make_unique<ForgetfulLog>(std::move(backend.log));
         };
       }},
      {"generous-lock", "a lock that is always granted",
       [](SimulatedProgram& program) {
         program.decorators.backend = [](state::Backend& backend) {
           backend.lock = std::make_unique<GenerousLock>(std::move(backend.lock));
         };
       }},
      {"hasty-pacing", "a carrier's pace that nobody keeps between runs",
       [](SimulatedProgram& program) {
         program.decorators.backend = [](state::Backend& backend) { backend.pacing = std::make_unique<HastyPacing>(); };
       }},
      {"stale-api", "a service client that answers from memory",
       [](SimulatedProgram& program) {
         program.decorators.trunk_api = [](std::unique_ptr<TrunkApi> real) {
           return std::make_unique<StaleApi>(std::move(real));
         };
       }},
      {"flattering-probe", "a probe that always sees what is hoped for", flatter},
  };
  return k_all;
}

}  // namespace trunkform::simulation
