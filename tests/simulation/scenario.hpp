#pragma once
// A world out of a seed: carriers with their policies, trunks, certificates, and what will go wrong. The same seed
// gives the same world.
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "schemas/model/policy.hpp"
#include "tests/support/simulated_program.hpp"

namespace trunkform::simulation {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : m_engine(seed) {}
  int between(int low, int high) {
    return low + static_cast<int>(m_engine() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(int n) { return between(1, n) == 1; }
  template <class T>
  const T& pick(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(between(0, static_cast<int>(values.size()) - 1))];
  }

 private:
  std::mt19937_64 m_engine;
};

struct Carrier {
  std::string label;
  RolloutPolicy rollout;
  int max_parallel = 1;
  bool window = false;  ///< weekdays 10:00 to 16:00 UTC
};

struct Trunk {
  std::string name;  ///< also the label of its binding
  std::size_t carrier = 0;
  bool has_certificate = true;  ///< `old`; else none at the beginning
  bool probed = false;          ///< `verify.tls`
  std::string group;            ///< of two trunks of one carrier
  bool is_blue = false;
};

/// What one run has to live with. Numbers count from the start of that run; 0: never.
struct Trouble {
  enum class End { none, killed_at_disk, killed_before_request, killed_after_request, one_signal, two_signals };
  End end = End::none;
  int at = 0;           ///< the n-th call of the disk on the state's files, or n-th request for one trunk
  bool power = false;   ///< a kill takes what was not durable with it
  std::string faults;   ///< of the service: members of a knobs document
  Duration read_lag{};  ///< of the service
  int disk_error_at = 0;
  bool disk_is_full = false;  ///< instead of an I/O error
  enum class Wire { honest, lies, is_dead, is_late } wire = Wire::honest;
  int stranger_at = 0;  ///< somebody binds another certificate before the n-th request
  int lock_removed_at = 0;
  int beside_at = 0;  ///< another apply is started at the n-th request
  Duration clock_jump{};
  int jump_at = 0;
  std::vector<std::string> flags;
  bool saved_plan = false;

  std::string words() const;  ///< for people who replay a seed
};

struct Scenario {
  std::uint64_t seed = 0;
  std::vector<Carrier> carriers;
  std::vector<Trunk> trunks;
  std::vector<Trouble> troubles;  ///< one a run
  std::vector<Duration> pauses;   ///< after each

  /// The configuration that wants `pair` on every trunk.
  std::string configuration(const std::string& pair) const;
};

Scenario make_scenario(std::uint64_t seed);

/// `old`, `new` (ends later), `strange` (ends earlier than both), and the root that signed them: made once a process.
struct Certificates {
  std::string root_pem;
  std::map<std::string, testing::PairText> pairs;
};
const Certificates& certificates();

}  // namespace trunkform::simulation
