#pragma once
// Certificates out of PEM or DER: their facts and their DER, in the order of the text. Everything here is public
// material. Nothing is judged; that is planner/rules. Pure and thread-safe.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::x509 {

namespace detail {
class Parsed;
}

/// One certificate: what it says and the bytes that say it.
struct Certificate {
  CertificatePtr facts;
  std::string der;
  /// OpenSSL's object and what was read of it, shared and never changed, so that nothing is parsed twice. This room's
  /// own; may be null.
  std::shared_ptr<const detail::Parsed> parsed{};
};

using Certificates = std::vector<Certificate>;

/// Caps against PEM bombs. A real bundle has fewer than ten certificates of two kilobytes.
struct PemLimits {
  std::size_t bytes = 1U << 20;
  std::size_t blocks = 100;
  std::size_t der_bytes = 64U << 10;  ///< of one certificate
};

/// All CERTIFICATE blocks (also `X509 CERTIFICATE`, and `TRUSTED CERTIFICATE` without what it is trusted for) of `pem`,
/// in order, at least one. Text between blocks is
/// tolerated (RFC 7468 §2), other kinds of block are skipped without being decoded, LF, CRLF and CR end lines. Or
/// certificates in DER, one behind the other, and nothing else.
/// Error: invalid_input, naming the block (from 1) and the line; also where a TRUSTED CERTIFICATE is rejected for TLS.
Result<Certificates> parse_certificates(std::string_view pem, const PemLimits& limits = {});

/// One certificate from DER, nothing after it. Error: invalid_input.
Result<Certificate> parse_der(std::string_view der);

/// PEM as it is sent: canonical, LF, 64 columns, no text between, a newline at the end.
std::string to_pem(const Certificates& certificates);
std::string to_pem(const Certificate& certificate);

/// The order is taken as it is; never called with none.
ChainPtr chain_of(const Certificates& certificates);
Identity identity_of(const Certificates& certificates);

/// `Identity::chain` of the certificates of `pem` as they stand, without looking inside them. Error: invalid_input.
Result<Fingerprint> chain_digest_of_pem(std::string_view pem);

}  // namespace trunkform::x509
