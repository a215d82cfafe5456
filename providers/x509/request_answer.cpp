#include "providers/x509/request_answer.hpp"

#include <algorithm>
#include <memory>

#include <openssl/x509.h>

#include "providers/x509/pem_blocks.hpp"
#include "providers/x509/subject_key.hpp"
#include "schemas/codec/ascii_case.hpp"
#include "schemas/codec/certificate_names.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::x509 {
namespace {

struct FreeAsked {
  void operator()(X509_REQ* request) const noexcept { X509_REQ_free(request); }
};

/// Case counts in none of them.
std::string in_one_notation(const std::string& name) { return lower_case(usual_form(name)); }

}  // namespace

std::string request_pem(std::string_view csr_der) {
  std::string lines(detail::encoded_size(csr_der.size()), '\0');
  detail::encode_base64_lines(csr_der, lines.data());
  return "-----BEGIN CERTIFICATE REQUEST-----\n" + lines + "-----END CERTIFICATE REQUEST-----\n";
}

Result<Fingerprint> key_of_request(std::string_view csr_der) {
  const auto* at = reinterpret_cast<const unsigned char*>(csr_der.data());
  const std::unique_ptr<X509_REQ, FreeAsked> request(d2i_X509_REQ(nullptr, &at, static_cast<long>(csr_der.size())));
  if (!request) return Error(ErrorCode::invalid_input, "the signing request is none", detail::take_openssl_reason());
  return detail::key_facts_of(X509_REQ_get_X509_PUBKEY(request.get())).spki;
}

std::vector<std::string> missing_names(const CertificateFacts& certificate, const std::vector<std::string>& names) {
  std::vector<std::string> missing;
  std::copy_if(names.begin(), names.end(), std::back_inserter(missing), [&](const std::string& name) {
    const auto kind = kind_of_name(name);
    const auto wanted = in_one_notation(name);
    return std::none_of(certificate.names.begin(), certificate.names.end(), [&](const AlternativeName& has) {
      return has.kind == kind && in_one_notation(has.value) == wanted;
    });
  });
  return missing;
}

}  // namespace trunkform::x509
