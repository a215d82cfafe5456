#include "schemas/model/policy.hpp"

namespace trunkform {

std::string_view to_string(RootHandling value) { return value == RootHandling::omit ? "omit" : "include"; }
std::string_view to_string(IdentityRules value) { return value == IdentityRules::rfc5922 ? "rfc5922" : "rfc6125"; }
std::string_view to_string(OnFailure value) {
  switch (value) {
    case OnFailure::rollback:
      return "rollback";
    case OnFailure::stop:
      return "stop";
    case OnFailure::proceed:
      break;
  }
  return "continue";
}
std::string_view to_string(Unreachable value) { return value == Unreachable::stop ? "stop" : "accept"; }
std::string_view to_string(RotateWhen value) { return value == RotateWhen::due ? "due" : "available"; }
std::string_view to_string(Shorter value) { return value == Shorter::refuse ? "refuse" : "allow"; }

}  // namespace trunkform
