#pragma once
// PEM to DER without looking inside, and parsing that may skip what is known already. Inside this room only.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/x509/certificates.hpp"
#include "providers/x509/parsed.hpp"
#include "providers/x509/pem_blocks.hpp"

namespace trunkform::x509::detail {

struct CertificateBlock {
  std::string der;
  std::string where;  ///< `certificate 2 (line 31)`, `certificate 1 (DER)`
};

/// Says what else the text looks like, and how that becomes PEM.
Error no_certificate_in(std::string_view pem);

/// The blocks of certificates, OpenSSL's trusted form too; may be none. Error: invalid_input: no PEM, or PKCS #7 beside
/// certificates, whose own would be missing.
Result<std::vector<PemBlock>> blocks_of_certificates(std::string_view pem, std::size_t most);

/// `text`: PEM, or certificates in DER. Error: invalid_input.
Result<std::vector<CertificateBlock>> certificate_blocks(std::string_view text, const PemLimits& limits);

/// `parse` makes one certificate of its DER. Error: invalid_input.
Result<Certificates> parse_blocks(std::string_view pem, const PemLimits& limits,
                                  const std::function<Result<Certificate>(std::string der)>& parse);

/// The certificate's own, or one that is read now. Never null.
std::shared_ptr<const Parsed> parsed_of(const Certificate& certificate);

}  // namespace trunkform::x509::detail
