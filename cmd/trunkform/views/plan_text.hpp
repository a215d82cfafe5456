#pragma once
// A plan for people: certificates readable side by side, never PEM walls. The lines that tfcmt and its kin look for
// are Terraform's (`Plan: N to add, …`, `No changes.`, `# X will be …`). Pure.
#include <string>

#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::views {

enum class Compactness { full, changes_only };  ///< `changes_only`: no table, one line a change
enum class Advice { given, left_out };          ///< which command to type next; not for `apply`, not in automation

struct PlanTextOptions {
  TextStyle style;
  Instant now{};
  Compactness compactness = Compactness::full;
  std::string saved_as;  ///< file name of `-out`; empty: not saved
  Advice advice = Advice::given;
  bool partial = false;  ///< made with `-target` or `-exclude`: it says nothing of the other trunks
};

std::string plan_text(const Plan& plan, const PlanTextOptions& options);

/// `2026-12-06 (12 days left)`, `2026-11-01 (ended 23 days ago)`.
std::string expiry_text(Instant expiry, Instant now);

/// Why a change is planned, in a few words: `due: 12 days left`.
std::string reason_text(const PlannedChange& change, Instant now);

}  // namespace trunkform::views
