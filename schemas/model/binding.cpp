#include "schemas/model/binding.hpp"

namespace trunkform {

std::string to_string(const TrunkSelector& selector) {
  if (const auto* named = std::get_if<TrunkByName>(&selector)) return "trunk \"" + named->name + "\"";
  return "trunk id " + std::get<TrunkById>(selector).id.value;
}

}  // namespace trunkform
