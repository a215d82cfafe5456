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

}  // namespace trunkform::views
