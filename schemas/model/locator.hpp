#pragma once
// Where a certificate comes from: the source's type and its resolved arguments, canonical. Renaming a block changes
// nothing; another path, mount or pinned version is another locator. Never holds a secret.
#include <compare>
#include <map>
#include <string>

namespace trunkform {

using Arguments = std::map<std::string, std::string>;  ///< `chain` → path, …

struct Locator {
  std::string type;  ///< `pem_files`, `certbot`
  Arguments arguments;
  friend auto operator<=>(const Locator&, const Locator&) = default;
};

/// `pem_files(chain=a.pem, private_key=a.key)`, for people and for events.
std::string to_string(const Locator& locator);

/// What the argument says; `otherwise` where it is absent or empty.
std::string argument_of(const Arguments& arguments, const std::string& name, const std::string& otherwise = {});

/// What a source calls one state of what it offers: a digest, a number, an AWS or Azure version id. Opaque.
struct VersionId {
  std::string value;
  friend auto operator<=>(const VersionId&, const VersionId&) = default;
};

}  // namespace trunkform
