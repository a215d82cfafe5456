#pragma once
// Text as part of an address (RFC 3986 §2.1). Pure.
#include <string>
#include <string_view>

namespace trunkform::cloud {

/// All but unreserved characters, and those in `kept`, as `%XX` of their bytes.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

}  // namespace trunkform::cloud
