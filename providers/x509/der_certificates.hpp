#pragma once
// Certificates in DER, as Windows and authorities hand them out (.cer, .der): one, or several one behind the other.
// Inside this room only. Pure and thread-safe.
#include <cstddef>
#include <string_view>
#include <vector>

#include "schemas/model/result.hpp"

namespace trunkform::x509::detail {

/// How long the first element of `der` is with its header; 0: there is no whole one, or its length is not stated.
std::size_t size_of_first(std::string_view der);

/// By its first bytes: a SEQUENCE in a SEQUENCE, then a version or a serial number. A request for a certificate begins
/// likewise; no key, no PKCS #7 and no PKCS #12 does, and no text.
bool looks_like_certificates(std::string_view bytes);

/// Each as a view into `bytes`, which look like certificates. Error: invalid_input: the text is cut off, or something
/// else stands behind one of them, which may be a private key; more than `most`.
Result<std::vector<std::string_view>> der_certificates(std::string_view bytes, std::size_t most);

}  // namespace trunkform::x509::detail
