#pragma once
// Files that hold a chain and its key under one password (.pfx, .p12; RFC 7292), recognised where PEM is wanted:
// authorities and Windows hand them out, and "not PEM" helps nobody. Pure.
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::x509::detail {

/// By its first bytes: a PFX is a SEQUENCE that begins with version 3, which no certificate and no key does.
bool looks_like_pkcs12(std::string_view bytes);

/// What it is, and how the chain and the key get out of it; `summary` says what was looked for.
Error is_pkcs12(std::string summary);

}  // namespace trunkform::x509::detail
