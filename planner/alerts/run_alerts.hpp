#pragma once
// What the events of an apply call for telling, one event at a time, so that nobody waits for the end of a run to learn
// of its first failure. Pure, but for what it remembers of the run; not thread-safe.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "planner/alerts/scope.hpp"
#include "schemas/model/event.hpp"

namespace trunkform::alerts {

/// An address that got no further, and of which no event tells.
struct LeftAlone {
  std::string address;
  Error error;
};

class RunAlerts {
 public:
  /// `open`: of earlier runs. `trunks`: names by address.
  RunAlerts(AlertScope scope, std::vector<OpenAlert> open, std::map<std::string, std::string> trunks);

  /// Whether an event of this kind may call for anything.
  static bool concerns(const EventBody& body);
  /// What a plan knows better than the state of the runs before it: whose trunks they are, and what they are called.
  void learn(const std::string& organisation, const std::map<std::string, std::string>& trunks);
  /// Events in order. `head` is the event's own hash.
  std::vector<Alert> on_event(const Event& event, const Fingerprint& head);
  /// At the end of the run: what failed before an event could tell.
  std::vector<Alert> left_alone(const std::vector<LeftAlone>& addresses, Instant now);

 private:
  AlertScope m_scope;
  std::vector<OpenAlert> m_open;  ///< of earlier runs and of this one
  std::map<std::string, std::string> m_trunks;
  std::set<std::string> m_told;      ///< addresses of which something was told in this run
  bool m_recovering = true;          ///< before RunStarted: what an interrupted run left is being finished
  bool m_goes_back_by_hand = false;  ///< a `rollback`: says nothing about runs that roll out
  std::string m_last_failure;

  const std::string& trunk_of(const std::string& address) const;
  Alert raise(AlertKind kind, AlertSeverity severity, const std::string& address, AlertText text, Instant now);
  void recover(std::vector<Alert>& alerts, const std::string& address, std::initializer_list<AlertProblem> problems,
               const std::string& how, Instant now);
  std::vector<Alert> on_outcome(const Outcome& outcome, Instant now);
  std::vector<Alert> on_end(const RunFinished& end, Instant now);
};

}  // namespace trunkform::alerts
