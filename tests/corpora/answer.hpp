#pragma once
// What this program says to a case of a corpus.
#include <string>

#include "tests/corpora/case.hpp"

namespace trunkform::corpora {

struct Manner {
  bool path_only = false;   ///< not the rules about the leaf: its names, its usages, its key
  bool as_web = true;       ///< as a carrier with identity_rules = rfc6125 does
  bool determined = false;  ///< with `path_only`: where there are lists, they must say good
};

struct Answer {
  bool good = false;
  std::string why;  ///< a line for each fault that blocks
};

/// With all the rules, as `trunkform certificate check` judges; of clients the path alone, which is all that is ours.
Answer answer_to(const Case& one, const Manner& manner);

}  // namespace trunkform::corpora
