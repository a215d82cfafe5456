#pragma once
// Certificates that are issued, for people. Pure.
#include <string>

#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::views {

/// One certificate of a plan, with its lines; ends with an empty line. Empty where there is nothing to say.
std::string issue_text(const PlannedIssue& issue, Instant now, const TextStyle& style);

/// What is cleared away beside it, likewise.
std::string leftover_text(const PlannedLeftover& leftover, const TextStyle& style);

/// What the state knows of one.
std::string issue_record_text(const IssueRecord& record, const TextStyle& style, Instant now);

/// `due: the certificate before ends 2027-01-01`.
std::string issue_reason(const PlannedIssue& issue, Instant now);

}  // namespace trunkform::views
