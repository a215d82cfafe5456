#pragma once
// The words that gates and notes share.
#include <string>

#include "schemas/model/address.hpp"
#include "schemas/model/certificate_facts.hpp"

namespace trunkform::diff {

/// Ready to paste into a POSIX shell: `'genesys_trunk_certificate.a["x"]'`.
std::string quoted(const Address& address);
/// `0123456789ab (ends 2027-01-01)`
std::string in_short(const ChainFacts& chain);

}  // namespace trunkform::diff
