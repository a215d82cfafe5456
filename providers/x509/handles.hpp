#pragma once
// OpenSSL's objects as owned handles, without its headers. Inside this room only.
#include <memory>
#include <string>
#include <string_view>

struct x509_st;
struct X509_crl_st;
struct evp_pkey_st;

namespace trunkform::x509::detail {

struct Free {
  void operator()(x509_st* certificate) const noexcept;
  void operator()(X509_crl_st* list) const noexcept;
  void operator()(evp_pkey_st* key) const noexcept;
};

using CertificateHandle = std::unique_ptr<x509_st, Free>;
using ListHandle = std::unique_ptr<X509_crl_st, Free>;
using KeyHandle = std::unique_ptr<evp_pkey_st, Free>;

/// Null where `der` is not exactly one certificate or list. A certificate's public key is not decoded (parsed.hpp).
CertificateHandle read_certificate(std::string_view der);
ListHandle read_list(std::string_view der);

/// The reason of this thread's last OpenSSL failure, in OpenSSL's words; forgets all of them.
std::string take_openssl_reason();

}  // namespace trunkform::x509::detail
