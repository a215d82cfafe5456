#include "schemas/model/finding.hpp"

#include <algorithm>

namespace trunkform {

bool blocks(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.verdict == Verdict::block; });
}

}  // namespace trunkform
