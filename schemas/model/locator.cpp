#include "schemas/model/locator.hpp"

namespace trunkform {

std::string to_string(const Locator& locator) {
  std::string text = locator.type + "(";
  for (const auto& [name, value] : locator.arguments) {
    if (text.back() != '(') text += ", ";
    text.append(name).append("=").append(value);
  }
  return text + ")";
}

}  // namespace trunkform
