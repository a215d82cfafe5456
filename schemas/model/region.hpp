#pragma once
// The regions of Genesys Cloud: the only hosts that credentials go to without the operator's word. One list, so that
// the language, the client and the trust file cannot disagree. Source: the vendor's page of platform domains.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkform {

/// The domains that people log in at, such as `mypurecloud.de`.
const std::vector<std::string>& genesys_regions();

/// `mypurecloud.de` of `eu-central-1`: the vendor's other tools take the name of Amazon's region. nullopt: none of
/// them.
std::optional<std::string> genesys_region_of(std::string_view amazon_region);

}  // namespace trunkform
