#include "providers/x509/authority.hpp"

#include <array>
#include <chrono>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "providers/x509/key_handle.hpp"
#include "providers/x509/naming.hpp"
#include "providers/x509/secret_stack.hpp"

namespace trunkform::x509 {
namespace {

struct FreeSigning {
  void operator()(X509_REQ* request) const noexcept { X509_REQ_free(request); }
  void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};

Error refused(const char* what) { return Error(ErrorCode::invalid_input, what, detail::take_openssl_reason()); }

bool set_serial(X509* certificate, const std::string& hex) {
  BIGNUM* number = nullptr;
  const bool is_read = BN_hex2bn(&number, hex.c_str()) == static_cast<int>(hex.size());
  const std::unique_ptr<BIGNUM, FreeSigning> keep(number);
  return is_read && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
}

bool set_time(ASN1_TIME* time, Instant at) {
  return ASN1_TIME_set(time, std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count()) != nullptr;
}

bool add(X509* leaf, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, leaf, nullptr, nullptr, 0);
  const detail::ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  return extension && X509_add_ext(leaf, extension.get(), -1) == 1;
}

/// Of a leaf: RFC 5280 §4.2.1, with what the CA/Browser Forum asks for.
bool add_extensions(X509* leaf, X509* issuer, const detail::ExtensionHandle& names) {
  return add(leaf, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
         add(leaf, issuer, NID_key_usage, "critical,digitalSignature") &&
         add(leaf, issuer, NID_ext_key_usage, "serverAuth,clientAuth") && X509_add_ext(leaf, names.get(), -1) == 1 &&
         add(leaf, issuer, NID_subject_key_identifier, "hash") &&
         add(leaf, issuer, NID_authority_key_identifier, "keyid");
}

Result<Certificate> sign(const Certificate& authority, const SecretBuffer& authority_key, const SigningTerms& terms) {
  if (!authority.facts->is_ca)
    return Error(ErrorCode::invalid_input, "the certificate of the authority is none of an authority",
                 "its basicConstraints do not say CA");
  const auto key = TRY(detail::open_key(authority_key));
  // Not as certificates are read elsewhere in this room: its public key is needed.
  const auto* own = reinterpret_cast<const unsigned char*>(authority.der.data());
  const detail::CertificateHandle issuer(d2i_X509(nullptr, &own, static_cast<long>(authority.der.size())));
  if (!issuer || X509_check_private_key(issuer.get(), key.get()) != 1)
    return refused("the authority's key is not that of its certificate");
  const auto* at = reinterpret_cast<const unsigned char*>(terms.csr_der.data());
  const std::unique_ptr<X509_REQ, FreeSigning> request(
      d2i_X509_REQ(nullptr, &at, static_cast<long>(terms.csr_der.size())));
  auto* asked = request ? X509_REQ_get0_pubkey(request.get()) : nullptr;
  if (asked == nullptr || X509_REQ_verify(request.get(), asked) != 1)
    return refused("the signing request is not signed with its own key");
  const auto subject = TRY(detail::subject_of(terms.names));
  const auto names = TRY(detail::alternative_names_of(terms.names));
  const detail::CertificateHandle leaf(X509_new());
  if (!leaf || X509_set_version(leaf.get(), X509_VERSION_3) != 1 || !set_serial(leaf.get(), terms.serial) ||
      !set_time(X509_getm_notBefore(leaf.get()), terms.not_before) ||
      !set_time(X509_getm_notAfter(leaf.get()), terms.not_after) ||
      X509_set_subject_name(leaf.get(), subject.get()) != 1 ||
      X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer.get())) != 1 ||
      X509_set_pubkey(leaf.get(), asked) != 1 || !add_extensions(leaf.get(), issuer.get(), names) ||
      X509_sign(leaf.get(), key.get(), detail::digest_for(key.get())) <= 0)
    return refused("the certificate cannot be signed");
  const int size = i2d_X509(leaf.get(), nullptr);
  std::string der(static_cast<std::size_t>(std::max(size, 0)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(leaf.get(), &out);
  return parse_der(der);
}

}  // namespace

Result<Certificate> sign_certificate(const Certificate& authority, const SecretBuffer& authority_key,
                                     const SigningTerms& terms) {
  Result<Certificate> leaf{Certificate()};
  on_wiped_stack([&] { leaf = sign(authority, authority_key, terms); });
  return leaf;
}

}  // namespace trunkform::x509
