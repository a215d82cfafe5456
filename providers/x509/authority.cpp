#include "providers/x509/authority.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "providers/x509/certificate_blocks.hpp"
#include "providers/x509/key_handle.hpp"
#include "providers/x509/naming.hpp"
#include "providers/x509/path/checks.hpp"
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

/// Not as certificates are read elsewhere in this room: its public key is needed.
detail::CertificateHandle issuer_of(const Certificate& authority) {
  const auto* own = reinterpret_cast<const unsigned char*>(authority.der.data());
  return detail::CertificateHandle(d2i_X509(nullptr, &own, static_cast<long>(authority.der.size())));
}

Error no_authority() {
  return Error(ErrorCode::invalid_input, "the certificate of the authority is none of an authority",
               "its basicConstraints do not say CA");
}

/// Signed with `key`, which is the authority's, or for a trial another.
Result<Certificate> make_leaf(X509* issuer, EVP_PKEY* key, EVP_PKEY* asked, const SigningTerms& terms) {
  const auto subject = TRY(detail::subject_of(terms.names));
  const auto names = TRY(detail::alternative_names_of(terms.names));
  const detail::CertificateHandle leaf(X509_new());
  if (!leaf || X509_set_version(leaf.get(), X509_VERSION_3) != 1 || !set_serial(leaf.get(), terms.serial) ||
      !set_time(X509_getm_notBefore(leaf.get()), terms.not_before) ||
      !set_time(X509_getm_notAfter(leaf.get()), terms.not_after) ||
      X509_set_subject_name(leaf.get(), subject.get()) != 1 ||
      X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer)) != 1 || X509_set_pubkey(leaf.get(), asked) != 1 ||
      !add_extensions(leaf.get(), issuer, names) || X509_sign(leaf.get(), key, detail::digest_for(key)) <= 0)
    return refused("the certificate cannot be signed");
  const int size = i2d_X509(leaf.get(), nullptr);
  std::string der(static_cast<std::size_t>(std::max(size, 0)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(leaf.get(), &out);
  return parse_der(der);
}

Result<Certificate> sign(const Certificate& authority, const SecretBuffer& authority_key, const SigningTerms& terms) {
  if (!authority.facts->is_ca) return no_authority();
  const auto key = TRY(detail::open_key(authority_key));
  const auto issuer = issuer_of(authority);
  if (!issuer || X509_check_private_key(issuer.get(), key.get()) != 1)
    return refused("the authority's key is not that of its certificate");
  const auto* at = reinterpret_cast<const unsigned char*>(terms.csr_der.data());
  const std::unique_ptr<X509_REQ, FreeSigning> request(
      d2i_X509_REQ(nullptr, &at, static_cast<long>(terms.csr_der.size())));
  auto* asked = request ? X509_REQ_get0_pubkey(request.get()) : nullptr;
  if (asked == nullptr || X509_REQ_verify(request.get(), asked) != 1)
    return refused("the signing request is not signed with its own key");
  return make_leaf(issuer.get(), key.get(), asked, terms);
}

/// What its own certificate says against it.
Result<> judge_authority(const CertificateFacts& own) {
  if (!own.is_ca) return no_authority();
  if (own.has_key_usage && !own.key_usage_cert_sign)
    return Error(ErrorCode::invalid_input, "the authority may not sign certificates",
                 "the keyUsage of its certificate has no keyCertSign (RFC 5280 §4.2.1.3)")
        .hint("make the authority a certificate with keyUsage=critical,keyCertSign,cRLSign");
  if (own.key.algorithm != KeyAlgorithm::rsa && own.key.algorithm != KeyAlgorithm::ec)
    return Error(ErrorCode::invalid_input, "SIP peers take no signature of the authority's key",
                 fmt::format("it is {}, and they take those of RSA and ECDSA keys", describe(own.key)))
        .hint("make the authority a key of ECDSA P-256, and a certificate for it");
  const auto& usages = own.extended_key_usage;
  if (!usages.empty() && std::find(usages.begin(), usages.end(), "serverAuth") == usages.end())
    return Error(ErrorCode::invalid_input, "the authority may not sign for TLS servers",
                 fmt::format("the extendedKeyUsage of its certificate says {} alone", fmt::join(usages, ", ")))
        .hint("make the authority a certificate without extendedKeyUsage");
  return {};
}

/// By the validator's own judgement, of a leaf that nobody else sees: its signature is a stranger's.
Result<> judge_constraints(const Certificates& authority, const std::vector<std::string>& names) {
  const auto issuer = issuer_of(authority.front());
  const detail::KeyHandle stranger(EVP_EC_gen("P-256"));
  if (!issuer || !stranger) return refused("the authority's certificate cannot be read");
  const auto& own = *authority.front().facts;
  const auto leaf =
      TRY(make_leaf(issuer.get(), stranger.get(), stranger.get(), {{}, names, "01", own.not_before, own.not_after}));
  std::vector<detail::Step> steps{{leaf.facts, detail::parsed_of(leaf)}};
  for (const auto& one : authority) steps.push_back({one.facts, detail::parsed_of(one)});
  detail::Steps path;
  for (const auto& step : steps) path.push_back(&step);
  const detail::Demands demands;
  detail::Faults faults(demands);
  detail::check_name_constraints(path, demands, faults);
  for (const auto& fault : std::move(faults).take())
    if (fault.verdict == Verdict::block)
      return Error(ErrorCode::invalid_input, "the authority's constraints do not permit these names", fault.what)
          .hint("take the name out of `names`, or make the authority a certificate without nameConstraints");
  return {};
}

}  // namespace

Result<> may_sign(const Certificates& authority, const std::vector<std::string>& names) {
  TRY(judge_authority(*authority.front().facts));
  if (names.empty()) return {};
  return judge_constraints(authority, names);
}

Result<Certificate> sign_certificate(const Certificate& authority, const SecretBuffer& authority_key,
                                     const SigningTerms& terms) {
  Result<Certificate> leaf{Certificate()};
  on_wiped_stack([&] { leaf = sign(authority, authority_key, terms); });
  return leaf;
}

}  // namespace trunkform::x509
