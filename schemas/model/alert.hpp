#pragma once
// What people are told while nobody looks: one problem of one trunk, of a run, or of the service, and later that it is
// over. Made by planner/alerts, sent through schemas/ports/notifier. Never a secret. docs/alerts.md.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/identity.hpp"
#include "schemas/model/time.hpp"

namespace trunkform {

enum class AlertKind {
  failed,               ///< a change failed, or was found not to verify
  rolled_back,          ///< the earlier certificate is bound again
  stopped,              ///< a run ended before all was done
  deferred,             ///< a change waits for its time
  awaiting_source,      ///< due, and the source still offers the same certificate
  overdue,              ///< the same, and critical or expired
  expiring,             ///< critical, expired, or due and held up by something else
  quarantined,          ///< what the source offers failed on this trunk before
  drifted,              ///< somebody changed the trunk outside
  recovered,            ///< a problem is over, or an interrupted run was finished
  service_unreachable,  ///< the service did not answer, or refused the credentials
};
std::string_view to_string(AlertKind kind);
std::optional<AlertKind> parse_alert_kind(std::string_view word);
/// All of them, in the order above.
const std::vector<std::string>& alert_kinds();

enum class AlertSeverity { info, warning, error, critical };
std::string_view to_string(AlertSeverity severity);

/// What kinds are about: two kinds of one problem are one incident, which gets worse or better.
enum class AlertProblem {
  change,    ///< failed, rolled_back, quarantined
  expiry,    ///< awaiting_source, overdue, expiring
  drift,     ///< drifted
  schedule,  ///< deferred
  run,       ///< stopped; of no trunk
  service,   ///< service_unreachable; of no trunk
};
std::string_view to_string(AlertProblem problem);
std::optional<AlertProblem> parse_alert_problem(std::string_view word);

struct Alert {
  AlertKind kind = AlertKind::failed;
  AlertProblem problem = AlertProblem::change;
  AlertSeverity severity = AlertSeverity::error;
  bool resolved = false;  ///< the problem of this `dedup_key` is over
  std::string address;    ///< `genesys_trunk_certificate.a["East"]`; empty for a run and the service
  std::string trunk;      ///< its name as the service shows it, control characters taken out; may be empty
  std::string summary;    ///< lower case, one line
  std::string detail;     ///< why; may be empty
  std::string hint;       ///< what to do, with the command
  std::string dedup_key;  ///< of the trunk and the problem, the same in every run; at most 255 bytes
  std::string organisation;
  std::string run;                      ///< id; empty outside a run
  std::string actor;                    ///< user@host
  std::string plan;                     ///< digest; empty where there is none
  std::optional<Fingerprint> log_head;  ///< SHA-256 of the event log's last line: who keeps alerts can tell an old log
  Instant time{};
};

/// A place that was told of a problem and not yet of its end.
struct OpenAlert {
  std::string target;  ///< address of the notify block
  std::string dedup_key;
  AlertKind kind = AlertKind::failed;
  AlertProblem problem = AlertProblem::change;
  AlertSeverity severity = AlertSeverity::error;
  std::string address;
  std::string trunk;
  Instant since{};  ///< first told
  Instant told{};   ///< last told
};

}  // namespace trunkform
