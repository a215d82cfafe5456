#pragma once
// Which of the chains that an authority offers for one certificate is taken (RFC 8555 §7.4.2). Pure.
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::issuers::acme {

/// The addresses of `Link: <…>;rel="alternate"` (RFC 8288), of an answer that came from `base`: those that are relative
/// are made whole.
std::vector<std::string> alternates_of(const HttpResponse& answer, const std::string& base);

/// The common names of the authorities of a chain, in PEM: whom its certificates are issued by. Error: invalid_input.
Result<std::vector<std::string>> authorities_of(const std::string& chain_pem);

}  // namespace trunkform::issuers::acme
