#pragma once
// Where a block's pair is, in one form however it is written: two texts that mean one secret must be known as one,
// before the one replaces the other or shows it. Pure and thread-safe. Private to the room.
#include <string>

#include "schemas/model/locator.hpp"

namespace trunkform::language {

/// The pair of a store or source of `vault_kv` or `azure_keyvault_secret`, and another secret of the same mount or
/// vault; of other types the locator as it is. The namespace is that of provider.vault, and so the same for all. What
/// only a service can tell is not told: a secret's name and its ARN.
Locator place_of(const Locator& locator);
Locator place_beside(const Locator& locator, const std::string& path_or_name);

}  // namespace trunkform::language
