#include "schemas/model/verification.hpp"

namespace trunkform {

std::string_view to_string(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::not_configured:
      return "not_configured";
    case CheckVerdict::pass:
      return "pass";
    case CheckVerdict::fail:
      return "fail";
    case CheckVerdict::inconclusive:
      break;
  }
  return "inconclusive";
}

}  // namespace trunkform
