#pragma once
// A resource's address as people type it: `module.x["k"].genesys_trunk_certificate.carrier_a["Carrier A East"]`,
// `certificate.pem_files.a`. Ordered as shown in plans. Immutable value; thread-safe.
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schemas/model/result.hpp"

namespace trunkform {

/// The `for_each` key (text) or the `count` index (number) of one instance; none for a single resource.
using InstanceKey = std::variant<std::monostate, std::int64_t, std::string>;

struct ModuleStep {
  std::string name;
  InstanceKey key;
  friend auto operator<=>(const ModuleStep&, const ModuleStep&) = default;
};

struct Address {
  std::vector<ModuleStep> modules;
  std::string type;  ///< `genesys_trunk_certificate`, `certificate.issued`
  std::string name;
  InstanceKey key;
  friend auto operator<=>(const Address&, const Address&) = default;
};

std::string to_string(const Address& address);

/// Reads what `to_string` writes. Error: invalid_input, with the offset of what was not understood.
Result<Address> parse_address(std::string_view text);

/// Whether `address` is `target` or one of its instances.
bool is_within(const Address& address, const Address& target);

}  // namespace trunkform
