#include "schemas/model/binding.hpp"

#include <algorithm>

#include "schemas/model/issuing.hpp"

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

std::string source_text(const Binding& binding) {
  return is_issue_address(binding.certificate) ? binding.certificate : to_string(*binding.locator);
}

bool is_compromised(const std::vector<Binding>& bindings, std::string_view certificate) {
  return std::any_of(bindings.begin(), bindings.end(), [&](const Binding& binding) {
    return binding.certificate == certificate && binding.replace_compromised;
  });
}

const Binding* find_binding(const std::vector<Binding>& bindings, const Address& address) {
  const auto found =
      std::find_if(bindings.begin(), bindings.end(), [&](const Binding& one) { return one.address == address; });
  return found == bindings.end() ? nullptr : &*found;
}

BindingsByAddress::BindingsByAddress(const std::vector<Binding>& bindings) {
  for (const auto& binding : bindings) m_bindings.emplace(binding.address, &binding);
}

const Binding* BindingsByAddress::find(const Address& address) const {
  const auto found = m_bindings.find(address);
  return found == m_bindings.end() ? nullptr : found->second;
}

}  // namespace trunkform
