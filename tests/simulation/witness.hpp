#pragma once
// Who watches a simulated run from outside: what the service was made to do and when, what lies on the disk, what the
// event log says. Collects what must never be; a list, so that one seed tells all of it.
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/scenario.hpp"

namespace trunkform::simulation {

class Witness {
 public:
  Witness(const Scenario& scenario, testing::SimulatedProgram& program);

  /// Before each run: what follows belongs to it. `honest_clock`: nobody moved the wall clock since the beginning.
  void begin_run(const Trouble& trouble, bool clock_is_honest);
  /// Somebody else bound `strange`.
  void stranger_came(const std::string& trunk) { m_on[trunk] = "strange"; }
  void clock_moved() { m_clock_is_honest = false; }
  /// After each run, whatever became of it.
  void end_run(const testing::Ended& ended);
  /// After everything was mended and applied.
  void at_the_end(const testing::Ended& last_plan);
  /// What the port of a trunk serves in truth, for the probe.
  std::string bound(const std::string& trunk) const { return m_program.live(trunk); }
  void complain(const std::string& what);

  const std::vector<std::string>& complaints() const { return m_complaints; }

 private:
  struct Bind {
    std::string trunk;
    Instant at;
    std::string pair, before;
    int run = 0;
  };
  const Scenario& m_scenario;
  testing::SimulatedProgram& m_program;
  std::mutex m_mutex;
  std::vector<std::string> m_complaints;
  std::vector<Bind> m_binds;
  std::map<std::string, std::string> m_on;  ///< trunk → what is bound
  const Trouble* m_trouble = nullptr;
  bool m_clock_is_honest = true;
  int m_run = 0;
  std::uint64_t m_serial = 0;
  std::string m_lineage;
  std::size_t m_events_before = 0;

  const Trunk& trunk_of(const std::string& name) const;
  void on_bind(const sim::BindNotice& notice);
  void check_stagger(const Bind& bind);
  Duration could_not_be_seen() const;
  void check_repeat(const Bind& bind);
  void check_intent(const Bind& bind, const Identity& identity);
  void check_window(const Bind& bind);
  void check_state();
  void check_damage(const std::vector<Event>& events);
  void check_claims(const std::vector<Event>& events);
  void check_denials(const std::vector<Event>& events);
  void check_soaks(const std::vector<Event>& events);
  void check_doubts(const std::vector<Event>& events);
  void check_secrets();
  std::vector<Event> events_of_run();
};

}  // namespace trunkform::simulation
