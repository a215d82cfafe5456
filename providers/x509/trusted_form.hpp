#pragma once
// OpenSSL's form `TRUSTED CERTIFICATE`: behind the certificate stands for what it is to be trusted, and for what not
// (`openssl x509 -addtrust`, `-addreject`). Inside this room only. Pure and thread-safe.
#include <string>

#include "schemas/model/result.hpp"

namespace trunkform::x509::detail {

/// Cuts `der` behind the certificate. Whether that is one is the reader's to say. `where` names it, for messages.
/// Error: invalid_input: it is not to be used for TLS servers or clients, or what stands behind it cannot be read.
Result<> cut_trusted_form(std::string& der, const std::string& where);

}  // namespace trunkform::x509::detail
