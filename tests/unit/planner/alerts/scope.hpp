#pragma once
// One organisation, one trunk, one moment.
#include <catch2/catch.hpp>

#include "planner/alerts/scope.hpp"
#include "schemas/model/certificate_facts.hpp"

namespace trunkform::alerts::test {

inline const Instant k_now = parse_rfc3339("2026-11-24T12:00:00Z").value();

inline AlertScope scope() {
  AlertScope scope;
  scope.organisation = "org-1";
  scope.service = "https://api.example.com";
  scope.run = "run-1";
  scope.actor = "ann@host-1";
  return scope;
}

inline Address address(const std::string& name) {
  Address address;
  address.type = "genesys_trunk_certificate";
  address.name = name;
  return address;
}

inline OpenAlert open_alert(AlertKind kind, const std::string& name, const std::string& target = "notify.webhook.ops") {
  const auto text = name.empty() ? std::string() : to_string(address(name));
  return {target,
          dedup_key(scope(), text, problem_of(kind)),
          kind,
          problem_of(kind),
          AlertSeverity::error,
          text,
          name,
          k_now - std::chrono::hours(2),
          k_now - std::chrono::hours(1)};
}

/// `failed, recovered(change)`: what the alerts are, in order.
inline std::string kinds(const std::vector<Alert>& alerts) {
  std::string text;
  for (const auto& alert : alerts) {
    text += (text.empty() ? "" : ", ") + std::string(to_string(alert.kind));
    if (alert.resolved) text += "(" + std::string(to_string(alert.problem)) + ")";
  }
  return text;
}

}  // namespace trunkform::alerts::test
