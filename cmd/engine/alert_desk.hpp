#pragma once
// Sends alerts while a run goes on: a thread of its own takes them in order, asks which places want them, repeats what
// failed a few times, and remembers who was told. Posting never waits. Thread-safe.
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "schemas/model/error.hpp"
#include "schemas/ports/alert_memory.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/notifier.hpp"

namespace trunkform::engine {

/// One notify block, opened.
struct AlertTarget {
  std::string address;        ///< `notify.webhook.ops`
  std::vector<AlertKind> on;  ///< empty: all
  std::unique_ptr<Notifier> notifier;
};

/// Which targets an address's binding names; an address that is not here has all.
using AlertRoutes = std::map<std::string, std::vector<std::string>>;

/// docs/decisions/0231.
struct DeskPolicy {
  int tries = 4;                                     ///< of one alert at one target
  Duration first_wait = std::chrono::seconds(1);     ///< before the second try; doubled each time
  Duration longest_wait = std::chrono::seconds(30);  ///< also of what a target asks for
  Duration repeat_after = std::chrono::hours(23);    ///< an open alert is told again after this long, not before
  std::size_t most = 100;                            ///< alerts to one target in one run
};

class AlertDesk {
 public:
  /// `memory` may be null: then nothing is known of earlier runs. Both are borrowed.
  AlertDesk(Clock& clock, AlertMemory* memory, std::vector<AlertTarget> targets, AlertRoutes routes,
            DeskPolicy policy = {});
  ~AlertDesk();
  AlertDesk(const AlertDesk&) = delete;
  AlertDesk& operator=(const AlertDesk&) = delete;

  /// Of earlier runs, as the memory had it at the beginning.
  const std::vector<OpenAlert>& open_before() const { return m_open_before; }
  void post(Alert alert);
  void post(std::vector<Alert> alerts);
  /// Waits for what is under way, at most for `patience` and until `hurry`; gives up on the rest. What went wrong since
  /// the beginning, as warnings. Afterwards nothing is sent any more.
  std::vector<Error> finish(std::chrono::milliseconds patience, std::stop_token hurry = {});

 private:
  struct Sent {
    std::size_t count = 0, beyond = 0, failed = 0;
    bool is_broken = false;  ///< it failed for good once: one try each from then on
  };

  Clock& m_clock;
  AlertMemory* m_memory;
  const std::vector<AlertTarget> m_targets;
  const AlertRoutes m_routes;
  const DeskPolicy m_policy;
  std::vector<OpenAlert> m_open_before;

  // Of the thread alone, until it has ended.
  std::map<std::pair<std::string, std::string>, OpenAlert> m_open;  ///< by target and dedup key
  std::map<std::string, Sent> m_sent;
  std::vector<Error> m_warnings;

  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<Alert> m_queue;
  bool m_closing = false;
  bool m_idle = true;
  std::stop_source m_stop;
  std::thread m_thread;

  void work();
  void deliver(const Alert& alert);
  void deliver_to(const AlertTarget& target, const Alert& alert);
  bool is_wanted(const AlertTarget& target, const Alert& alert) const;
  bool was_told(const AlertTarget& target, const Alert& alert) const;
  Result<> send(const AlertTarget& target, const Alert& alert);
  void remember(const AlertTarget& target, const Alert& alert);
  void warn(const AlertTarget& target, const Alert& alert, Error why);
};

}  // namespace trunkform::engine
