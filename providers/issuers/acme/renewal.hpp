#pragma once
// ACME Renewal Information (RFC 9773). Pure.
#include <optional>
#include <string>

#include "schemas/model/issuing.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::issuers::acme {

/// §4.1: what servers call a certificate. Errors: invalid_input: no certificate, or one without an authority key
/// identifier.
Result<std::string> certificate_id_of(const std::string& leaf_der);

/// §4.2; none: it is no such answer.
std::optional<RenewalWindow> renewal_window_of(const HttpResponse& answer);

}  // namespace trunkform::issuers::acme
