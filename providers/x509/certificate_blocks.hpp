#pragma once
// PEM to DER without looking inside, and parsing that skips what is known already. Inside this room only.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/x509/certificates.hpp"

namespace trunkform::x509::detail {

struct CertificateBlock {
  std::string der;
  std::string where;  ///< `certificate 2 (line 31)`
};

/// Error: invalid_input.
Result<std::vector<CertificateBlock>> certificate_blocks(std::string_view pem, const PemLimits& limits);

/// `known` may be empty; it answers facts by the DER's fingerprint, or null. Error: invalid_input.
Result<Certificates> parse_blocks(std::string_view pem, const PemLimits& limits,
                                  const std::function<CertificatePtr(const Fingerprint&)>& known);

}  // namespace trunkform::x509::detail
