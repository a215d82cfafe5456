#include <fmt/format.h>

#include "planner/alerts/scope.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::alerts {
namespace {

constexpr std::size_t k_longest_key = 255;

}  // namespace

std::string dedup_key(const AlertScope& scope, const std::string& address, AlertProblem problem) {
  const auto& owner = problem == AlertProblem::service ? scope.service : scope.organisation;
  auto key =
      fmt::format("{}/{}/{}{}{}", owner, scope.workspace, address, address.empty() ? "" : "/", to_string(problem));
  if (key.size() <= k_longest_key) return key;
  return fmt::format("{}/{}", sha256_hex(key), to_string(problem));
}

AlertProblem problem_of(AlertKind kind) {
  switch (kind) {
    case AlertKind::failed:
    case AlertKind::rolled_back:
    case AlertKind::quarantined:
    case AlertKind::recovered:
      break;
    case AlertKind::awaiting_source:
    case AlertKind::overdue:
    case AlertKind::expiring:
      return AlertProblem::expiry;
    case AlertKind::drifted:
      return AlertProblem::drift;
    case AlertKind::deferred:
      return AlertProblem::schedule;
    case AlertKind::stopped:
      return AlertProblem::run;
    case AlertKind::service_unreachable:
      return AlertProblem::service;
  }
  return AlertProblem::change;
}

Alert make_alert(const AlertScope& scope, AlertKind kind, AlertSeverity severity, const std::string& address,
                 const std::string& trunk, AlertText text, Instant now) {
  Alert alert;
  alert.kind = kind;
  alert.problem = problem_of(kind);
  alert.severity = severity;
  alert.address = address;
  alert.trunk = trunk;
  alert.summary = std::move(text.summary);
  alert.detail = std::move(text.detail);
  alert.hint = std::move(text.hint);
  alert.dedup_key = dedup_key(scope, address, alert.problem);
  alert.organisation = scope.organisation;
  alert.run = scope.run;
  alert.actor = scope.actor;
  alert.plan = scope.plan;
  alert.log_head = scope.log_head;
  alert.time = now;
  return alert;
}

Alert make_recovery(const AlertScope& scope, const OpenAlert& open, AlertText text, Instant now) {
  auto alert =
      make_alert(scope, AlertKind::recovered, AlertSeverity::info, open.address, open.trunk, std::move(text), now);
  alert.problem = open.problem;
  alert.dedup_key = open.dedup_key;
  alert.resolved = true;
  return alert;
}

std::string name_of(const std::string& address, const std::string& trunk) {
  return trunk.empty() ? address : fmt::format("trunk \"{}\"", trunk);
}

}  // namespace trunkform::alerts
