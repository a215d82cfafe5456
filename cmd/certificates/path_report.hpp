#pragma once
// Each check of the strict path validator with its verdict, for people and for programs.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/certificate_facts.hpp"

namespace trunkform::certificates {

struct PathCheckLine {
  const PathCheckInfo* check = nullptr;
  std::optional<Verdict> verdict;    ///< none: nothing can be said, as no path is complete
  std::string message;               ///< what is so; foreign text in it
  const PathFault* fault = nullptr;  ///< of `path`; null where it is kept or not judged
};

/// In the table's order, at least one line a check.
std::vector<PathCheckLine> path_check_lines(const PathFacts& path);

/// One line a check, what is broken first; foreign text escaped.
std::string path_checks_text(const PathFacts& path);

}  // namespace trunkform::certificates
