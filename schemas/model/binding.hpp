#pragma once
// One `genesys_trunk_certificate` as the configuration means it: evaluated, defaults filled in, nothing unknown.
// This is the *desired* of docs/semantics.md. Holds no secret.
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schemas/model/address.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/model/policy.hpp"
#include "schemas/model/shared.hpp"
#include "schemas/model/source_range.hpp"
#include "schemas/model/trunk.hpp"

namespace trunkform {

struct TrunkByName {
  std::string name;
  friend bool operator==(const TrunkByName&, const TrunkByName&) = default;
};
struct TrunkById {
  TrunkId id;
  friend bool operator==(const TrunkById&, const TrunkById&) = default;
};
using TrunkSelector = std::variant<TrunkByName, TrunkById>;

std::string to_string(const TrunkSelector& selector);  ///< `trunk "Carrier A East"` or `trunk id 7f…`

/// A `certificate` block: who it is, where it comes from.
struct CertificateDeclaration {
  std::string address;  ///< `certificate.pem_files.carrier_a`
  Shared<Locator> locator;
  SourceRange source;
};

/// Two trunks of one group carry the same traffic: green is changed first, and blue when green is verified and soaked.
enum class Colour { none, green, blue };
std::string_view to_string(Colour colour);

struct Binding {
  Address address;
  TrunkSelector trunk;
  std::string certificate;            ///< the declaration's address
  Shared<Locator> locator;            ///< that declaration's
  std::vector<std::string> identity;  ///< names that the peer expects
  Shared<CarrierPolicy> carrier;
  Shared<RolloutPolicy> rollout;
  Shared<RotatePolicy> rotate;
  Shared<VerifyPolicy> verify;
  bool adopt = false;
  bool replace_compromised = false;
  bool prevent_destroy = false;
  std::string group;  ///< empty: of none; set together with the colour
  Colour colour = Colour::none;
  std::vector<std::string> notify;
  SourceRange source;  ///< the block, for messages
};

/// Where its certificate comes from, for people: the block that issues it, else the place that its source reads.
std::string source_text(const Binding& binding);

/// Whether a binding of `certificate` says that the key before is known to others (`replace_compromised`).
bool is_compromised(const std::vector<Binding>& bindings, std::string_view certificate);

/// Null where there is none. Linear: for one address, not for each of many.
const Binding* find_binding(const std::vector<Binding>& bindings, const Address& address);

/// The same for many of them. Borrows.
class BindingsByAddress {
 public:
  explicit BindingsByAddress(const std::vector<Binding>& bindings);
  /// Null where there is none.
  const Binding* find(const Address& address) const;

 private:
  std::map<Address, const Binding*> m_bindings;
};

}  // namespace trunkform
