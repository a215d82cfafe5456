#pragma once
// The verdict of one rule over facts (planner/rules). A blocking finding keeps a certificate from every trunk.
#include <string>
#include <vector>

namespace trunkform {

enum class Verdict { pass, warn, block };

struct Finding {
  std::string rule;  ///< stable name, `key_mismatch`
  Verdict verdict = Verdict::pass;
  std::string clause;   ///< where the rule comes from, `RFC 5922 §7.1`
  std::string message;  ///< what is so, with the values
  std::string mend;     ///< what to do; empty for pass
  friend bool operator==(const Finding&, const Finding&) = default;
};

bool blocks(const std::vector<Finding>& findings);

}  // namespace trunkform
