#include "providers/x509/pkcs12.hpp"

namespace trunkform::x509::detail {

bool looks_like_pkcs12(std::string_view bytes) {
  constexpr std::string_view k_version_3 = "\x02\x01\x03";
  if (bytes.size() < 2 || bytes[0] != '\x30') return false;
  // The length is one byte, or 0x80 and the number of bytes that say it; none of them where it is indefinite.
  const auto first = static_cast<unsigned char>(bytes[1]);
  const std::size_t header = 2 + (first >= 0x80 ? first - 0x80U : 0U);
  return header <= 6 && bytes.size() > header && bytes.substr(header).starts_with(k_version_3);
}

Error is_pkcs12(std::string summary) {
  return Error(ErrorCode::invalid_input, std::move(summary),
               "it is PKCS #12 (.pfx, .p12), and PEM is wanted here; `openssl pkcs12` makes PEM of it")
      .hint("name it in a block certificate.pkcs12, which reads it as it is")
      .hint("or take the chain out of it: openssl pkcs12 -in FILE -nokeys -out CHAIN.pem")
      .hint("and the key: openssl pkcs12 -in FILE -nocerts -noenc -out KEY.pem")
      .hint("where openssl calls its algorithm unsupported, add -legacy to both");
}

}  // namespace trunkform::x509::detail
