#include "providers/issuers/acme/renewal.hpp"

#include "providers/issuers/acme/jose.hpp"
#include "providers/issuers/acme/problem.hpp"
#include "providers/x509/certificates.hpp"

namespace trunkform::issuers::acme {
namespace {

int value_of(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

/// Of the facts' hexadecimal, which has whole octets.
std::string octets_of(std::string_view hex) {
  std::string octets;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    octets += static_cast<char>((value_of(hex[i]) << 4) | value_of(hex[i + 1]));
  return octets;
}

/// The facts have a serial number's magnitude; the id has DER's content, where a leading zero keeps it positive
/// (RFC 9773 §4.1).
std::string serial_content_of(std::string_view hex) {
  auto octets = octets_of(hex);
  if ((static_cast<unsigned char>(octets.front()) & 0x80U) != 0) octets.insert(octets.begin(), '\0');
  return octets;
}

}  // namespace

Result<std::string> certificate_id_of(const std::string& leaf_der) {
  const auto certificate = TRY(x509::parse_der(leaf_der));
  const auto& facts = *certificate.facts;
  if (facts.authority_key_id.empty() || facts.serial.empty() || facts.serial.starts_with('-'))
    return Error(ErrorCode::invalid_input, "the certificate has no authority key identifier",
                 "without it no ACME server knows it (RFC 9773 §4.1)");
  return base64url(octets_of(facts.authority_key_id)) + "." + base64url(serial_content_of(facts.serial));
}

std::optional<RenewalWindow> renewal_window_of(const HttpResponse& answer) {
  auto json = json_of(answer);
  const auto start = json.text({"suggestedWindow", "start"});
  const auto end = json.text({"suggestedWindow", "end"});
  if (!start || !end) return std::nullopt;
  const auto from = parse_rfc3339(*start);
  const auto until = parse_rfc3339(*end);
  // §4.2: an end that is not after the start is to be treated as no answer.
  if (!from || !until || *until <= *from) return std::nullopt;
  return RenewalWindow{*from, *until, json.text({"explanationURL"}).value_or("")};
}

}  // namespace trunkform::issuers::acme
