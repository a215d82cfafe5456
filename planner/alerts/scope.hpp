#pragma once
// What all alerts of one run have in common, and how an alert is made of it. Pure.
#include "schemas/model/address.hpp"
#include "schemas/model/alert.hpp"

namespace trunkform::alerts {

/// Two states never share a dedup key: organisation and workspace are in it.
struct AlertScope {
  std::string organisation;  ///< id; empty while it is not known
  std::string service;       ///< API base: what the key of `service_unreachable` is made of
  std::string workspace = "default";
  std::string run;
  std::string actor;
  std::string plan;
  std::optional<Fingerprint> log_head;
};

/// `ORGANISATION/WORKSPACE/ADDRESS/PROBLEM`; its digest where that is longer than what receivers take (255 bytes).
std::string dedup_key(const AlertScope& scope, const std::string& address, AlertProblem problem);

AlertProblem problem_of(AlertKind kind);

struct AlertText {
  std::string summary, detail, hint;
};
/// To whoever is told of `deferred`. An event knows until when, and not for what.
inline constexpr const char* k_what_is_waited_for =
    "only a window can be overridden: trunkform apply -ignore-window -reason=TEXT; trunkform plan says what is waited "
    "for";

Alert make_alert(const AlertScope& scope, AlertKind kind, AlertSeverity severity, const std::string& address,
                 const std::string& trunk, AlertText text, Instant now);

/// The end of a problem that somebody was told of.
Alert make_recovery(const AlertScope& scope, const OpenAlert& open, AlertText text, Instant now);

/// `trunk "Carrier A East"`, or the address where the name is not known.
std::string name_of(const std::string& address, const std::string& trunk);

}  // namespace trunkform::alerts
