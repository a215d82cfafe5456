#pragma once
// Which certificate may have issued which: names, key identifiers, signatures. Inside this room only.
#include "providers/x509/path/step.hpp"
#include "providers/x509/signatures.hpp"

namespace trunkform::x509::detail {

/// By the names, and by the key identifiers where both say them (RFC 5280 §4.2.1.1). Whether the issuer may sign is not
/// asked.
bool names_as_issuer(const Reading& issuer, const Reading& child);

/// Verified with the issuer's key, unless `signatures` knows it; what verifies is remembered there. `signatures` may be
/// null.
bool signed_by(const Step& issuer, const Step& child, Signatures* signatures);

}  // namespace trunkform::x509::detail
