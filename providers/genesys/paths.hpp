#pragma once
// The API's paths, dialect `guide`.

namespace trunkform::genesys {

inline constexpr const char* k_trunks_path = "/api/v2/telephony/providers/edge/trunks";
inline constexpr const char* k_organisation_path = "/api/v2/organizations/me";

}  // namespace trunkform::genesys
