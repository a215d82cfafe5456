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

std::string argument_of(const Arguments& arguments, const std::string& name, const std::string& otherwise) {
  const auto found = arguments.find(name);
  return found == arguments.end() || found->second.empty() ? otherwise : found->second;
}

}  // namespace trunkform
