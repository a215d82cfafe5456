#pragma once
// What was seen after a PATCH. Only `fail` rolls back; `inconclusive` stops after the wave (docs/semantics.md, Apply).
#include <string>
#include <string_view>
#include <vector>

namespace trunkform {

enum class CheckVerdict { not_configured, pass, fail, inconclusive };
std::string_view to_string(CheckVerdict verdict);

struct CheckResult {
  CheckVerdict verdict = CheckVerdict::not_configured;
  std::string evidence;  ///< what was seen, where, by whom: one line
};

struct Verification {
  CheckResult accepted;  ///< read-back and trunk status
  CheckResult served;    ///< fresh handshakes on every resolved address
  CheckResult settled;   ///< again at the end of the soak

  bool failed() const {
    return accepted.verdict == CheckVerdict::fail || served.verdict == CheckVerdict::fail ||
           settled.verdict == CheckVerdict::fail;
  }
  bool inconclusive() const {
    return !failed() && (accepted.verdict == CheckVerdict::inconclusive ||
                         served.verdict == CheckVerdict::inconclusive || settled.verdict == CheckVerdict::inconclusive);
  }
};

}  // namespace trunkform
