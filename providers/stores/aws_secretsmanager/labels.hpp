#pragma once
// The versions of a secret of AWS Secrets Manager by their staging labels, and what their ids say. A version's id is
// the ClientRequestToken that it was written with, so that metadata alone tell whose it is. Inside this folder only.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/cloud/secret_json.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::stores {

/// What DescribeSecret says; no value is read for it.
struct SecretLabels {
  std::map<std::string, std::string> versions;  ///< id by label; a label is on one version at the most
  std::string name;
  std::string deleted;  ///< when; empty: it is not

  /// Empty: no version has the label.
  std::string at(std::string_view label) const;
  /// Labels of ours that a run left which died in the midst of a write.
  std::vector<std::string> left_behind() const;
};
SecretLabels labels_in(cloud::SecretJson& answer);

inline constexpr std::string_view k_current = "AWSCURRENT";
inline constexpr std::string_view k_pending = "TRUNKFORM_PENDING";
/// The version that a secret is begun with. AWS labels a secret's first version AWSCURRENT, and a key that nobody has
/// signed must not be that one.
inline constexpr std::string_view k_nothing_yet = "trunkform-nothing-was-issued-yet";

/// Ids of 32 to 64 characters: `trunkform-key-REQUEST-MILLISECONDS`, so that a second key has another one.
std::string staged_id(const std::string& request, Instant since);
/// `trunkform-REQUEST-` and 16 digits of the chain's SHA-256.
std::string promoted_id(const std::string& request, std::string_view chain_pem);
/// Of either; empty: somebody else's.
std::string request_in(std::string_view version);

}  // namespace trunkform::stores
