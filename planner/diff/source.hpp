#pragma once
// When two locators mean the same source.
#include "schemas/model/locator.hpp"

namespace trunkform::diff {

/// `./a.pem` is `a.pem`, and where earlier versions are kept says nothing of where the newest comes from. No file is
/// looked at: a link (Certbot's `live`) is another path than what it leads to.
bool is_same_source(const Locator& one, const Locator& other);

}  // namespace trunkform::diff
