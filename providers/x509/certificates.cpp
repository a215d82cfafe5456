#include "providers/x509/certificates.hpp"

#include <algorithm>
#include <new>

#include <fmt/format.h>

#include "providers/x509/certificate_blocks.hpp"
#include "providers/x509/der_certificates.hpp"
#include "providers/x509/facts.hpp"
#include "providers/x509/other_form.hpp"
#include "providers/x509/pem_blocks.hpp"
#include "providers/x509/pkcs12.hpp"
#include "providers/x509/trusted_form.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::x509 {
namespace {

constexpr std::string_view k_trusted_label = "TRUSTED CERTIFICATE";
constexpr std::string_view k_print_pkcs7 = "openssl pkcs7 -in FILE -print_certs -out FILE.pem";

/// A .p7b file in DER: a sequence that begins with the identifier of signedData (RFC 2315 §7).
bool looks_like_pkcs7(std::string_view bytes) {
  constexpr std::string_view k_signed_data = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
  return bytes.starts_with('\x30') && bytes.substr(0, 20).find(k_signed_data) != std::string_view::npos;
}

Error too_large(const std::string& where, const PemLimits& limits) {
  return Error(ErrorCode::invalid_input, fmt::format("{} is larger than {} bytes", where, limits.der_bytes));
}

}  // namespace

namespace detail {

Result<std::vector<PemBlock>> blocks_of_certificates(std::string_view pem, std::size_t most) {
  std::vector<PemBlock> found;
  std::size_t bundle = 0;
  for (const auto& block : TRY(pem_blocks(pem, most))) {
    if (block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE" || block.label == k_trusted_label)
      found.push_back(block);
    else if (block.label.starts_with("PKCS7") || block.label.starts_with("PKCS #7") || block.label == "CMS")
      bundle = block.line;
  }
  if (found.empty() || bundle == 0) return found;
  return Error(ErrorCode::invalid_input, fmt::format("there is PKCS #7 beside certificates, at line {}", bundle),
               "its certificates would not be read")
      .hint(fmt::format("put it in a file of its own and take them out: {}", k_print_pkcs7));
}

Result<std::vector<CertificateBlock>> certificate_blocks(std::string_view text, const PemLimits& limits) {
  if (text.size() > limits.bytes) {
    return Error(ErrorCode::invalid_input, fmt::format("the certificates are larger than {} bytes", limits.bytes));
  }
  std::vector<CertificateBlock> found;
  if (looks_like_certificates(text)) {
    for (const auto der : TRY(der_certificates(text, limits.blocks))) {
      auto where = fmt::format("certificate {} (DER)", found.size() + 1);
      if (der.size() > limits.der_bytes) return too_large(where, limits);
      found.push_back({std::string(der), std::move(where)});
    }
    return found;
  }
  for (const auto& block : TRY(blocks_of_certificates(text, limits.blocks))) {
    const auto where = fmt::format("certificate {} (line {})", found.size() + 1, block.line);
    if (decoded_capacity(block.body) > limits.der_bytes + 3) return too_large(where, limits);
    std::string der(decoded_capacity(block.body), '\0');
    const auto size = decode_base64(block.body, der.data());
    if (!size) return Error(ErrorCode::invalid_input, where + " is damaged", size.error().summary);
    der.resize(*size);
    if (block.label == k_trusted_label) TRY(cut_trusted_form(der, where));
    found.push_back({std::move(der), where});
  }
  return found;
}

}  // namespace detail

Error detail::no_certificate_in(std::string_view pem) {
  if (looks_like_pkcs12(pem)) return is_pkcs12("there is no certificate in PEM form");
  if (auto other = other_form(pem)) return std::move(*other);
  Error error(ErrorCode::invalid_input, "there is no certificate in PEM form");
  const auto holds = [pem](std::string_view text) { return pem.find(text) != std::string_view::npos; };
  if (pem.empty()) {
    error.detail = "the text is empty";
  } else if (looks_like_pkcs7(pem)) {
    error.hints.emplace_back(
        "it is PKCS #7 (.p7b) in DER; convert it: openssl pkcs7 -inform DER -in FILE -print_certs -out FILE.pem");
  } else if (pem.front() == '\x30') {
    error.hints.emplace_back("it looks like DER, and not of a certificate: openssl asn1parse -inform DER -in FILE");
  } else if (holds("BEGIN PKCS7") || holds("BEGIN PKCS #7") || holds("BEGIN CMS")) {
    error.hints.push_back(fmt::format("convert PKCS #7: {}", k_print_pkcs7));
  } else if (holds("BEGIN CERTIFICATE REQUEST")) {
    error.hints.emplace_back("this is a request for a certificate: give the certificate that the authority returned");
  } else if (holds("PRIVATE KEY")) {
    error.hints.emplace_back("this is a private key: give the file with the certificate chain");
  } else {
    error.hints.emplace_back("each certificate begins with the line -----BEGIN CERTIFICATE-----");
  }
  return error;
}

Result<Certificate> parse_der(std::string_view der) {
  auto parsed = detail::Parsed::read(der);
  if (!parsed) return Error(ErrorCode::invalid_input, "not an X.509 certificate", detail::take_openssl_reason());
  auto facts = TRY(detail::facts_of(*parsed, sha256(der)));
  (void)detail::take_openssl_reason();
  return Certificate{std::move(facts), std::string(der), std::move(parsed)};
}

std::shared_ptr<const detail::Parsed> detail::parsed_of(const Certificate& certificate) {
  if (certificate.parsed) return certificate.parsed;
  auto parsed = Parsed::read(certificate.der);
  if (!parsed) throw std::bad_alloc();  // it was read before
  return parsed;
}

Result<Certificates> detail::parse_blocks(std::string_view pem, const PemLimits& limits,
                                          const std::function<Result<Certificate>(std::string der)>& parse) {
  Certificates certificates;
  for (auto& block : TRY(detail::certificate_blocks(pem, limits))) {
    auto certificate = parse(std::move(block.der));
    if (!certificate) {
      return Error(ErrorCode::invalid_input, block.where + " is " + certificate.error().summary,
                   certificate.error().detail);
    }
    certificates.push_back(std::move(*certificate));
  }
  if (certificates.empty()) return detail::no_certificate_in(pem);
  return certificates;
}

Result<Certificates> parse_certificates(std::string_view pem, const PemLimits& limits) {
  return detail::parse_blocks(pem, limits, [](const std::string& der) { return parse_der(der); });
}

std::string to_pem(const Certificate& certificate) {
  static constexpr std::string_view k_begin = "-----BEGIN CERTIFICATE-----\n";
  static constexpr std::string_view k_end = "-----END CERTIFICATE-----\n";
  const auto size = detail::encoded_size(certificate.der.size());
  std::string pem(k_begin);
  pem.resize(k_begin.size() + size);
  detail::encode_base64_lines(certificate.der, pem.data() + k_begin.size());
  return pem.append(k_end);
}

std::string to_pem(const Certificates& certificates) {
  constexpr std::size_t k_most_of_lines = 64;
  std::size_t size = 0;
  for (const auto& certificate : certificates) size += detail::encoded_size(certificate.der.size()) + k_most_of_lines;
  std::string pem;
  pem.reserve(size);
  for (const auto& certificate : certificates) pem += to_pem(certificate);
  return pem;
}

Identity identity_of(const Certificates& certificates) { return chain_of(certificates)->identity; }

ChainPtr chain_of(const Certificates& certificates) {
  auto chain = std::make_shared<ChainFacts>();
  std::size_t size = 0;
  for (const auto& certificate : certificates) size += certificate.der.size();
  std::string all;
  all.reserve(size);
  for (const auto& certificate : certificates) {
    all += certificate.der;
    chain->certificates.push_back(certificate.facts);
  }
  chain->identity = {chain->leaf().fingerprint, sha256(all)};
  return chain;
}

Result<Fingerprint> chain_digest_of_pem(std::string_view pem) {
  std::string all;
  for (const auto& block : TRY(detail::certificate_blocks(pem, PemLimits{}))) all += block.der;
  return sha256(all);
}

}  // namespace trunkform::x509
