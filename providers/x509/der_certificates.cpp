#include "providers/x509/der_certificates.hpp"

#include <fmt/format.h>
#include <openssl/asn1.h>

#include "providers/x509/handles.hpp"

namespace trunkform::x509::detail {
namespace {

constexpr char k_sequence = 0x30, k_integer = 0x02;
constexpr auto k_version = static_cast<char>(0xa0);

/// Without the header of the SEQUENCE at the beginning; empty: there is none.
std::string_view in_sequence(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != k_sequence) return {};
  const auto first = static_cast<unsigned char>(bytes[1]);
  const std::size_t header = 2 + (first >= 0x80 ? first - 0x80U : 0U);
  return header > 6 || bytes.size() < header ? std::string_view() : bytes.substr(header);
}

}  // namespace

std::size_t size_of_first(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const begin = at;
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  const int kind = ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(der.size()));
  (void)take_openssl_reason();
  return kind == V_ASN1_CONSTRUCTED ? static_cast<std::size_t>(at - begin + length) : 0;
}

bool looks_like_certificates(std::string_view bytes) {
  const auto content = in_sequence(in_sequence(bytes));
  return !content.empty() && (content[0] == k_version || content[0] == k_integer);
}

Result<std::vector<std::string_view>> der_certificates(std::string_view bytes, std::size_t most) {
  std::vector<std::string_view> found;
  while (!bytes.empty()) {
    if (found.size() == most)
      return Error(ErrorCode::invalid_input, fmt::format("there are more than {} certificates", most));
    if (!looks_like_certificates(bytes))
      return Error(ErrorCode::invalid_input,
                   fmt::format("something else than a certificate stands behind certificate {}, in DER", found.size()))
          .hint("keep each certificate and the key in files of their own, or in one as PEM");
    const auto size = size_of_first(bytes);
    if (size == 0)
      return Error(ErrorCode::invalid_input,
                   fmt::format("certificate {} (DER) is cut off or damaged", found.size() + 1))
          .hint("fetch it anew, and see that it is whole: openssl x509 -inform DER -in FILE -noout");
    found.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return found;
}

}  // namespace trunkform::x509::detail
