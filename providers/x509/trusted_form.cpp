#include "providers/x509/trusted_form.hpp"

#include <fmt/format.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "providers/x509/der_certificates.hpp"
#include "providers/x509/handles.hpp"

namespace trunkform::x509::detail {
namespace {

/// A trunk's certificate is shown to clients and, with mutual TLS, to servers: who rejects one of both means it.
const char* rejected_use(x509_st* certificate) {
  const auto* rejected = X509_get0_reject_objects(certificate);
  for (int i = 0; i < sk_ASN1_OBJECT_num(rejected); ++i) {
    switch (OBJ_obj2nid(sk_ASN1_OBJECT_value(rejected, i))) {
      case NID_server_auth:
        return "TLS servers (serverAuth)";
      case NID_client_auth:
        return "TLS clients (clientAuth)";
      case NID_anyExtendedKeyUsage:
        return "anything (anyExtendedKeyUsage)";
      default:
        break;
    }
  }
  return nullptr;
}

}  // namespace

Result<> cut_trusted_form(std::string& der, const std::string& where) {
  const auto size = size_of_first(der);
  if (size == 0) return {};
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  const CertificateHandle whole(d2i_X509_AUX(nullptr, &at, static_cast<long>(der.size())));
  (void)take_openssl_reason();
  der.resize(size);
  if (!whole || at != end) {
    if (!read_certificate(der)) return {};
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} is a TRUSTED CERTIFICATE, and what it is trusted for cannot be read", where))
        .hint("make an ordinary one of it: openssl x509 -in FILE -out FILE.pem");
  }
  const auto* rejected = rejected_use(whole.get());
  if (rejected == nullptr) return {};
  return Error(ErrorCode::invalid_input, fmt::format("{} is not to be used for {}", where, rejected),
               "it is a TRUSTED CERTIFICATE, in which somebody wrote that it is rejected for that")
      .hint("see what is written there: openssl x509 -in FILE -noout -text")
      .hint("where that is wrong, make an ordinary one of it: openssl x509 -in FILE -out FILE.pem");
}

}  // namespace trunkform::x509::detail
