#include "providers/x509/parsed.hpp"

#include <new>

#include <openssl/asn1t.h>
#include <openssl/x509.h>

#include "providers/x509/library.hpp"
#include "providers/x509/path/encoding.hpp"
#include "providers/x509/subject_key.hpp"

namespace trunkform::x509::detail {
namespace {

struct FreeText {
  void operator()(ASN1_STRING* text) const noexcept { ASN1_STRING_free(text); }
  void operator()(unsigned char* bytes) const noexcept { OPENSSL_free(bytes); }
};

struct Signed {
  std::unique_ptr<unsigned char, FreeText> bytes;  ///< of the whole: what is signed, algorithm, signature
  int size = 0;
  const X509_ALGOR* algorithm = nullptr;
  const ASN1_BIT_STRING* signature = nullptr;
};

/// The first element of a sequence, with its header, octet by octet as it was read: what an authority signed is no
/// other encoding of the same. Empty where its length is not stated.
std::string_view first_of(const unsigned char* sequence, int size) {
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  static constexpr int k_unstated = 0x01;  // ASN1_get_object()'s flag of an indefinite length
  static constexpr int k_failed = 0x80;
  const auto* first = sequence;
  if ((ASN1_get_object(&first, &length, &tag, &tag_class, size) & (k_failed | k_unstated)) != 0) return {};
  const auto* content = first;
  if ((ASN1_get_object(&content, &length, &tag, &tag_class, length) & (k_failed | k_unstated)) != 0) return {};
  return {reinterpret_cast<const char*>(first), static_cast<std::size_t>(content - first + length)};
}

/// X509_verify() would look for digests in the library in which the certificate was parsed, and there are none. So the
/// signed bytes are given to it as the sequence that they are.
bool verifies(const Signed& signed_text, evp_pkey_st* key) {
  if (key == nullptr || signed_text.size <= 0) return false;
  const auto text = first_of(signed_text.bytes.get(), signed_text.size);
  const std::unique_ptr<ASN1_STRING, FreeText> sequence(ASN1_STRING_type_new(V_ASN1_SEQUENCE));
  if (!sequence || ASN1_STRING_set(sequence.get(), text.data(), static_cast<int>(text.size())) != 1)
    throw std::bad_alloc();
  const bool good = ASN1_item_verify_ex(ASN1_ITEM_rptr(ASN1_SEQUENCE), signed_text.algorithm, signed_text.signature,
                                        sequence.get(), nullptr, key, library_of_this_thread(), nullptr) == 1;
  if (!good) (void)take_openssl_reason();
  return good;
}

}  // namespace

Parsed::Parsed(std::shared_ptr<x509_st> handle, Reading reading)
    : m_handle(std::move(handle)), m_reading(std::move(reading)) {}

std::shared_ptr<const Parsed> Parsed::read(std::string_view der) {
  std::shared_ptr<x509_st> handle = read_certificate(der);
  if (!handle) return nullptr;
  auto reading = detail::read(handle);
  reading.distinguished = reading.distinguished && is_distinguished(der);
  (void)take_openssl_reason();
  return std::shared_ptr<const Parsed>(new Parsed(std::move(handle), std::move(reading)));
}

bool Parsed::signed_certificate(const Parsed& child) const {
  Signed text;
  unsigned char* bytes = nullptr;
  text.size = i2d_X509(child.handle(), &bytes);
  text.bytes.reset(bytes);
  X509_get0_signature(&text.signature, &text.algorithm, child.handle());
  return verifies(text, key());
}

bool Parsed::signed_list(X509_crl_st* list) const {
  Signed text;
  unsigned char* bytes = nullptr;
  text.size = i2d_X509_CRL(list, &bytes);
  text.bytes.reset(bytes);
  X509_CRL_get0_signature(list, &text.signature, &text.algorithm);
  return verifies(text, key());
}

evp_pkey_st* Parsed::key() const {
  auto* library = library_of_this_thread();
  const std::lock_guard lock(m_mutex);
  for (const auto& [made_in, key] : m_keys)
    if (made_in == library) return key.get();
  return m_keys.emplace_back(library, decode_key(X509_get_X509_PUBKEY(handle()))).second.get();
}

}  // namespace trunkform::x509::detail
