#include "cmd/trunkform/address_words.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/diagnostic.hpp"
#include "schemas/model/shell_word.hpp"
#include "schemas/model/some_of.hpp"

namespace trunkform::cli {
namespace {

constexpr std::size_t k_shown = 5;

/// The type is long and alike everywhere: with it, every name would be near.
std::string without_type(const Address& address) {
  auto text = to_string(address);
  const auto prefix = address.type + ".";
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

}  // namespace

Error unknown_address(const Address& wanted, const std::vector<Address>& known, const std::string& what) {
  // With its instances, a resource is a candidate itself: who leaves the key out means all of them.
  std::vector<Address> meant = known;
  for (auto address : known)
    if (!std::holds_alternative<std::monostate>(address.key)) {
      address.key = {};
      meant.push_back(std::move(address));
    }
  std::vector<std::string> names;
  names.reserve(meant.size());
  for (const auto& address : meant) names.push_back(without_type(address));
  Error error(ErrorCode::not_found, fmt::format("{} {}", to_string(wanted), what));
  const auto near = std::find(names.begin(), names.end(), nearest(without_type(wanted), names));
  if (near != names.end())
    error.hints.push_back(
        fmt::format("did you mean '{}'?", to_string(meant[static_cast<std::size_t>(near - names.begin())])));
  return error;
}

std::string addresses_hint(const std::vector<Address>& known) {
  std::set<std::string> names;
  for (const auto& address : known) names.insert(to_string(address));
  if (names.empty()) return "the configuration has no resource block, and the state nothing: write the block first";
  return fmt::format("there {} {}", names.size() == 1 ? "is" : "are", some_of({names.begin(), names.end()}, k_shown));
}

Error not_in_state(const Address& wanted, const std::map<Address, ResourceRecord>& records) {
  std::vector<Address> known;
  known.reserve(records.size());
  for (const auto& [address, record] : records) known.push_back(address);
  return unknown_address(wanted, known, "is not in the state").hint("trunkform state list shows what is");
}

Error unknown_issue(const std::string& wanted, const std::vector<std::string>& known, const std::string& what) {
  Error error(ErrorCode::not_found, fmt::format("{} {}", views::escape_foreign(wanted), what));
  if (const auto near = nearest(wanted, known); !near.empty())
    error.hints.push_back(fmt::format("did you mean {}?", near));
  return error;
}

Result<const IssueRecord*> recorded_issue(const std::optional<Snapshot>& state, const std::string& address) {
  std::vector<std::string> known;
  if (state)
    for (const auto& [at, record] : state->document.issues) {
      if (at == address) return &record;
      known.push_back(at);
    }
  return unknown_issue(address, known, "is not in the state").hint("trunkform state list shows what is");
}

std::vector<std::string> instance_hints(const std::string& command, const Address& wanted,
                                        const std::vector<Address>& known) {
  std::set<Address> instances;
  for (const auto& address : known)
    if (address != wanted && is_within(address, wanted)) instances.insert(address);
  if (instances.empty()) return {};
  std::vector<std::string> hints{fmt::format(
      "it has {}; name one:", instances.size() == 1 ? "one instance" : fmt::format("{} instances", instances.size()))};
  for (const auto& address : instances) {
    if (hints.size() > k_shown) {
      hints.push_back(
          fmt::format("and {} more: trunkform state list {}", instances.size() - k_shown, shell_quoted(wanted)));
      break;
    }
    hints.push_back(fmt::format("trunkform {} {}", command, shell_quoted(address)));
  }
  return hints;
}

}  // namespace trunkform::cli
