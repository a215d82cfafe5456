#include "schemas/model/binding.hpp"

namespace trunkform {

std::string_view to_string(Colour colour) {
  switch (colour) {
    case Colour::green:
      return "green";
    case Colour::blue:
      return "blue";
    case Colour::none:
      break;
  }
  return "none";
}

std::string to_string(const TrunkSelector& selector) {
  if (const auto* named = std::get_if<TrunkByName>(&selector)) return "trunk \"" + named->name + "\"";
  return "trunk id " + std::get<TrunkById>(selector).id.value;
}

}  // namespace trunkform
