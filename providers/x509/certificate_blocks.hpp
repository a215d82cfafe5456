#pragma once
// PEM to DER without looking inside, and parsing that skips what is known already. Inside this room only.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/x509/certificates.hpp"
#include "providers/x509/handles.hpp"

namespace trunkform::x509::detail {

struct CertificateBlock {
  std::string der;
  std::string where;  ///< `certificate 2 (line 31)`
};

/// Error: invalid_input.
Result<std::vector<CertificateBlock>> certificate_blocks(std::string_view pem, const PemLimits& limits);

/// What is remembered of a certificate: no facts, where it is not known.
struct Known {
  CertificatePtr facts;
  std::shared_ptr<x509_st> parsed;  ///< may be null all the same
};

/// `known` may be empty; it answers by the DER's fingerprint. Error: invalid_input.
Result<Certificates> parse_blocks(std::string_view pem, const PemLimits& limits,
                                  const std::function<Known(const Fingerprint&)>& known);

/// The certificate's own object, or one that is read now.
CertificateHandle handle_of(const Certificate& certificate);

}  // namespace trunkform::x509::detail
