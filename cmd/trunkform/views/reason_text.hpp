#pragma once
// Why a change is planned, and how long a certificate has left, in a few words for people. Pure.
#include <string>

#include "schemas/model/plan.hpp"

namespace trunkform::views {

/// `2026-12-06 (12 days left)`, `2026-11-01 (ended 23 days ago)`.
std::string expiry_text(Instant expiry, Instant now);

/// Why a change is planned, in a few words: `due: 12 days left`.
std::string reason_text(const PlannedChange& change, Instant now);

}  // namespace trunkform::views
