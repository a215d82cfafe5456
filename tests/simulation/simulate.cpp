#include "tests/simulation/simulate.hpp"

#include <fmt/format.h>

#include "tests/simulation/witness.hpp"

namespace trunkform::simulation {
namespace {

using namespace std::chrono_literals;
using testing::Ended;
using testing::ProcessKilled;
using testing::SimulatedProgram;

class Simulation {
 public:
  Simulation(std::uint64_t seed, const Mutant* mutant)
      : m_scenario(make_scenario(seed)), m_dice(seed ^ 0x5eedU), m_program(certificates().root_pem), m_mutant(mutant) {
    for (const auto& [name, pair] : certificates().pairs) m_program.use_pair(name, pair);
    for (const auto& trunk : m_scenario.trunks) m_program.add_trunk(trunk.name, trunk.has_certificate ? "old" : "");
    m_program.write("main.trunk.json", m_scenario.configuration("old"));
    watch_requests();
    serve(Trouble::Wire::honest);
  }

  Verdict run() {
    Witness witness(m_scenario, m_program);
    m_witness = &witness;
    const Trouble none;
    witness.begin_run(none, true);
    settle("old");
    m_program.write("main.trunk.json", m_scenario.configuration("new"));
    if (m_mutant != nullptr) m_mutant->install(m_program);
    for (std::size_t i = 0; i < m_scenario.troubles.size(); ++i) {
      suffer(m_scenario.troubles[i]);
      m_program.clock.advance(m_scenario.pauses[i]);
    }
    witness.begin_run(none, m_clock_is_honest);
    witness.at_the_end(settle("new"));
    witness.end_run({0, "", ""});
    m_verdict.complaints = witness.complaints();
    return m_verdict;
  }

 private:
  Scenario m_scenario;
  Dice m_dice;
  SimulatedProgram m_program;
  const Mutant* m_mutant;
  Witness* m_witness = nullptr;
  Verdict m_verdict;
  const Trouble* m_trouble = nullptr;
  int m_requests = 0;
  bool m_clock_is_honest = true;
  Trouble::Wire m_wire = Trouble::Wire::honest;
  std::map<std::string, Instant> m_late;

  void tell(const std::string& what, const Ended& ended) {
    m_verdict.story.push_back(
        fmt::format("{} {}: exit {}\n{}{}", to_rfc3339(m_program.clock.now()), what, ended.code, ended.out, ended.err));
    ++m_verdict.runs;
  }

  Ended program(std::vector<std::string> arguments) {
    const auto what = fmt::format("{}", fmt::join(arguments, " "));
    // One step at a time: the same seed does the same.
    if (arguments.front() == "apply") arguments.emplace_back("-parallelism=1");
    auto ended = m_program.run(std::move(arguments));
    tell(what, ended);
    return ended;
  }

  void turn(const std::string& knobs) {
    if (auto turned = m_program.service.turn("{" + knobs + "}", m_program.clock.now()); !turned)
      throw std::logic_error(to_line(turned.error()));
  }

  /// The port of a trunk has the trunk's name.
  void serve(Trouble::Wire wire) {
    m_wire = wire;
    m_program.tls.answer = [this](const TlsProbePolicy& policy) -> Result<std::vector<ServedChain>> {
      ServedChain served;
      served.address = policy.host + ":5061";
      auto pair = m_program.live(policy.host);
      if (m_wire == Trouble::Wire::lies && pair == "new") pair = "old";
      if (m_wire == Trouble::Wire::is_late && pair == "new") {
        const auto since = m_late.try_emplace(policy.host, m_program.clock.now()).first->second;
        if (m_program.clock.now() < since + 8s) pair = "old";
      }
      if (m_wire == Trouble::Wire::is_dead || pair.empty())
        served.error = Error(ErrorCode::unavailable, "connection refused");
      else
        served.chain = m_program.facts.chain_of_pem(certificates().pairs.at(pair).chain).value();
      return std::vector{served};
    };
  }

  void watch_requests() {
    const auto is_of_one_trunk = [](const HttpRequest& request) {
      return request.url.find("/trunks/") != std::string::npos;
    };
    m_program.http.before = [this, is_of_one_trunk](const HttpRequest& request) {
      if (m_trouble == nullptr || !is_of_one_trunk(request)) return;
      ++m_requests;
      at_request(*m_trouble);
      if (m_trouble->end == Trouble::End::killed_before_request && m_requests == m_trouble->at) throw ProcessKilled();
    };
    m_program.http.after = [this, is_of_one_trunk](const HttpRequest& request) {
      if (m_trouble == nullptr || !is_of_one_trunk(request)) return;
      if (m_trouble->end == Trouble::End::killed_after_request && m_requests == m_trouble->at) throw ProcessKilled();
    };
  }

  void at_request(const Trouble& trouble) {
    if (m_requests == trouble.stranger_at) strange();
    if (m_requests == trouble.lock_removed_at) (void)m_program.files.remove("/conf/.trunkform.lock");
    if (m_requests == trouble.beside_at) beside();
    if (m_requests == trouble.jump_at) {
      m_program.clock.adjust_wall(trouble.clock_jump);
      m_clock_is_honest = false;
      m_witness->clock_moved();
    }
    if (m_requests != trouble.at) return;
    if (trouble.end == Trouble::End::one_signal || trouble.end == Trouble::End::two_signals)
      m_program.stop.request_stop();
    if (trouble.end == Trouble::End::two_signals) m_program.abandon.request_stop();
  }

  void strange() {
    const auto& trunk = m_dice.pick(m_scenario.trunks);
    const auto escaped = [](const std::string& pem) {
      std::string text;
      for (const char c : pem) text += c == '\n' ? std::string("\\n") : std::string(1, c);
      return text;
    };
    m_witness->stranger_came(trunk.name);
    const auto& pair = certificates().pairs.at("strange");
    turn(fmt::format(R"("edits": [{{ "do": "bind", "trunk": "{}", "certificate": "{}", "private_key": "{}" }}])",
                     trunk.name, escaped(pair.chain), escaped(pair.key)));
  }

  /// Somebody starts a second apply while this one holds the lock.
  void beside() {
    const auto* trouble = std::exchange(m_trouble, nullptr);
    auto& faults = m_program.files.kernel().faults();
    faults.pause(true);
    const auto other = m_program.run_beside({"apply", "-auto-approve", "-parallelism=1"});
    faults.pause(false);
    m_trouble = trouble;
    const bool lock_is_gone = trouble->lock_removed_at > 0 && m_requests >= trouble->lock_removed_at;
    if (other.code != 5 && !lock_is_gone && !m_program.stop.stop_requested())
      m_witness->complain(fmt::format("a second apply was let in: exit {}\n{}", other.code, other.err));
  }

  void suffer(const Trouble& trouble) {
    std::vector<std::string> command{"apply", "-auto-approve"};
    if (trouble.saved_plan) {
      (void)program({"plan", "-out=p"});
      command = {"apply", "p"};
    }
    command.insert(command.end(), trouble.flags.begin(), trouble.flags.end());
    turn(trouble.faults);
    serve(trouble.wire);
    m_witness->begin_run(trouble, m_clock_is_honest);
    auto& faults = m_program.files.kernel().faults();
    faults.clear();
    faults.count_only("trunkform.");
    if (trouble.end == Trouble::End::killed_at_disk)
      faults.fail_at(static_cast<std::uint64_t>(trouble.at), platform::Fault::kill);
    if (trouble.disk_error_at > 0 && trouble.disk_error_at != trouble.at)
      faults.fail_at(static_cast<std::uint64_t>(trouble.disk_error_at),
                     trouble.disk_is_full ? platform::Fault::no_space : platform::Fault::io_error);
    m_program.after_kill =
        trouble.power ? SimulatedProgram::AfterKill::power_cut : SimulatedProgram::AfterKill::restart;
    m_requests = 0;
    m_trouble = &trouble;
    m_verdict.story.push_back("trouble: " + trouble.words());
    const auto ended = program(command);
    m_trouble = nullptr;
    m_verdict.kills += ended.code == SimulatedProgram::killed ? 1 : 0;
    faults.clear();
    m_witness->end_run(ended);
  }

  /// All is well again: until the next plan has nothing to do. Returns what that plan said.
  Ended settle(const std::string& pair) {
    m_program.files.kernel().faults().clear();
    turn(R"("clear_faults": true, "read_lag": "0s")");
    serve(Trouble::Wire::honest);
    Ended plan;
    for (int day = 0; day < 8; ++day) {
      (void)program({"apply", "-auto-approve", "-retry", "-wait=30m"});
      plan = program({"plan", "-detailed-exitcode"});
      if (plan.code == 0 && all_have(pair)) break;
      // The next morning, in every window.
      m_program.clock.advance(until_ten());
    }
    return plan;
  }

  bool all_have(const std::string& pair) const {
    for (const auto& trunk : m_scenario.trunks)
      if (m_program.live(trunk.name) != pair) return false;
    return true;
  }

  Duration until_ten() const {
    const auto now = m_program.clock.now();
    auto next = std::chrono::floor<std::chrono::days>(now) + 10h;
    while (next <= now) next += 24h;
    return next - now;
  }
};

}  // namespace

Verdict simulate(std::uint64_t seed, const Mutant* mutant) { return Simulation(seed, mutant).run(); }

}  // namespace trunkform::simulation
