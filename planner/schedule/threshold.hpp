#pragma once
// When a live certificate is due, and when it is critical: docs/semantics.md, Words. Pure.
//
// The spelling "33%" (0.33, the default) means one third, so that 90 d gives 30 d, 45 d gives 15 d and 6 d gives 2 d to
// the second: docs/decisions/0170. Every other fraction is taken as it is. Due and critical are judged apart: a
// `before_expiry` of 3 d makes a certificate critical before it is due.
#include "schemas/model/policy.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::schedule {

/// What is left of a lifetime when its certificate becomes due: min(`before_expiry`, `lifetime_left` × lifetime).
Duration due_margin(Duration lifetime, const RotatePolicy& policy);
/// Below this it is critical: `critical` where it is configured, else min(7 d, lifetime/6).
Duration critical_margin(Duration lifetime, const RotatePolicy& policy);

/// First instant at which a certificate of this lifetime and effective expiry is due.
Instant due_at(Duration lifetime, Instant effective_expiry, const RotatePolicy& policy);
bool is_due(Duration lifetime, Instant effective_expiry, const RotatePolicy& policy, Instant now);
bool is_critical(Duration lifetime, Instant effective_expiry, const RotatePolicy& policy, Instant now);
/// notAfter itself is still valid (RFC 5280 §4.1.2.5).
bool is_expired(Instant effective_expiry, Instant now);

}  // namespace trunkform::schedule
