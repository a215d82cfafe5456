#include "providers/x509/handles.hpp"

#include <new>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "providers/x509/library.hpp"

namespace trunkform::x509::detail {

void Free::operator()(x509_st* certificate) const noexcept { X509_free(certificate); }
void Free::operator()(X509_crl_st* list) const noexcept { X509_CRL_free(list); }
void Free::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

CertificateHandle read_certificate(std::string_view der) {
  const auto* position = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = position + der.size();
  CertificateHandle certificate(X509_new_ex(bare_library_of_this_thread(), nullptr));
  if (!certificate) throw std::bad_alloc();
  // What cannot be read is freed, and its pointer nulled, by OpenSSL.
  auto* raw = certificate.release();
  certificate.reset(d2i_X509(&raw, &position, static_cast<long>(der.size())));
  if (certificate && position != end) certificate.reset();
  return certificate;
}

ListHandle read_list(std::string_view der) {
  const auto* position = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = position + der.size();
  ListHandle list(d2i_X509_CRL(nullptr, &position, static_cast<long>(der.size())));
  if (list && position != end) list.reset();
  return list;
}

std::string take_openssl_reason() {
  // A library context of its own does not load the words for what goes wrong in it.
  (void)OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, nullptr);
  const auto code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string text = reason == nullptr ? "no reason given" : reason;
  ERR_clear_error();
  return text;
}

}  // namespace trunkform::x509::detail
