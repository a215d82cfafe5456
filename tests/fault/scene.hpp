#pragma once
// What a killed apply is held against: the simulated service with eight trunks of two carriers and a SIP TLS port for
// each, a folder whose state records the old certificate, and a plan for the new one. Lives in the process that looks
// on; time is the page's. Throws std::runtime_error on whatever is not as it must be.
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cmd/genesys_sim/http/front.hpp"
#include "cmd/genesys_sim/judge.hpp"
#include "cmd/genesys_sim/sip/listeners.hpp"
#include "schemas/model/event.hpp"
#include "schemas/model/state.hpp"
#include "schemas/ports/file_system.hpp"
#include "tests/fault/boundaries.hpp"

namespace trunkform::testing {

void require(bool holds, const std::string& what);

template <class T>
T must(Result<T> result) {
  require(result.has_value(), result ? "" : to_line(result.error()));
  return std::move(*result);
}

/// What the world holds at one moment.
struct Seen {
  std::map<std::string, std::string> live;  ///< trunk → old, new, other
  std::map<std::string, int> patches;       ///< PATCH requests that arrived in this round, whatever came of them
  std::vector<Event> events;                ///< of the state's log
  std::optional<StateDocument> state;
  std::vector<std::string> open;   ///< trunks whose intent has no outcome
  std::vector<std::string> paced;  ///< carriers whose place is taken
};

class Scene {
 public:
  /// `edge`: `bad` has the port of trunk a1 serve the new leaf without its intermediate.
  enum class Edge { good, bad };
  /// `blue_green`: each trunk is one of a pair, of one carrier or of two; blue sorts before green or behind it.
  enum class Groups { none, blue_green };
  Scene(Edge edge, Groups groups);
  ~Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  static const std::vector<std::string>& trunks();
  /// Of `blue_green`: green, and its blue.
  static const std::map<std::string, std::string>& blue_of_green();
  static constexpr Duration stagger = std::chrono::minutes(3);
  static constexpr Duration soak = std::chrono::minutes(10);

  /// The old certificate everywhere, and a fresh copy of the folder.
  void begin_round();
  /// As waitpid has it.
  int run(std::uint64_t dies_at, const std::vector<std::string>& arguments);
  Seen look();
  std::string step() const { return m_page->step; }
  std::uint64_t boundaries() const { return m_page->passed; }
  std::string said() const;
  /// Binds of this round, by carrier, in time; trunks as `a1`.
  struct Bind {
    std::string trunk;
    std::string what;  ///< old, new, other
    Instant at{};
  };
  const std::vector<Bind>& binds() const { return m_binds; }
  std::uint64_t violations() const { return m_service->summary().violations; }
  Identity old_identity() const { return m_old.identity; }
  Identity new_identity() const { return m_new.identity; }

 private:
  struct Pair {
    std::string chain;
    std::string key;
    std::string leaf;  ///< without the intermediate
    Identity identity;
  };

  Edge m_edge;
  Groups m_groups;
  Path m_base;
  SharedPage* m_page = nullptr;
  std::unique_ptr<SharedClock> m_clock;
  sim::X509Judge m_judge;
  std::unique_ptr<sim::Service> m_service;
  std::unique_ptr<sim::HttpFront> m_front;
  std::unique_ptr<sim::SipListeners> m_ports;
  Pair m_old, m_new;
  std::map<std::string, std::string> m_ids;
  std::vector<Bind> m_binds;
  std::uint64_t m_requests_before = 0;

  Path folder() const { return m_base / "round"; }
  void make_pairs(const std::string& root_file);
  void prepare();
  void turn(const std::string& knobs);
  void serve(const std::string& trunk, bool whole);
  void on_bind(const sim::BindNotice& notice);
  std::string name_of(const Identity& identity) const;
  std::string configuration() const;
};

}  // namespace trunkform::testing
