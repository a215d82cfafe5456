#pragma once
// What text is that ought to be PEM and is not quite: what went wrong on its way, and the command that mends it. Inside
// this room only. Pure and thread-safe; never quotes content, which may be a private key.
#include <optional>
#include <string_view>

#include "schemas/model/error.hpp"

namespace trunkform::x509::detail {

/// UTF-16, line ends written as `\n`, one line, base64 of PEM or of DER. None: nothing of that kind. Looks at a text of
/// which it is known that it holds no PEM that can be read.
std::optional<Error> other_form(std::string_view text);

/// What stands where a private key is looked for: a certificate, a request, a public key. None: nothing that is known.
std::optional<Error> no_key_but(std::string_view text);

}  // namespace trunkform::x509::detail
