#include "providers/x509/pkcs12_content.hpp"

#include <memory>
#include <new>
#include <optional>

#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "providers/x509/certificates.hpp"
#include "providers/x509/handles.hpp"
#include "providers/x509/pem_blocks.hpp"
#include "providers/x509/pkcs12.hpp"
#include "providers/x509/private_key.hpp"
#include "providers/x509/secret_stack.hpp"

namespace trunkform::x509 {
namespace {

struct FreeFilePart {
  void operator()(PKCS12* file) const noexcept { PKCS12_free(file); }
  void operator()(STACK_OF(PKCS7) * safes) const noexcept { sk_PKCS7_pop_free(safes, PKCS7_free); }
  void operator()(STACK_OF(PKCS12_SAFEBAG) * bags) const noexcept {
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
  }
  void operator()(PKCS8_PRIV_KEY_INFO* info) const noexcept { PKCS8_PRIV_KEY_INFO_free(info); }
};
using File = std::unique_ptr<PKCS12, FreeFilePart>;
using Safes = std::unique_ptr<STACK_OF(PKCS7), FreeFilePart>;
using Bags = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeFilePart>;
using OpenedKey = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeFilePart>;

enum class Wanted { certificates, everything };

/// A library context with the old algorithms, as this thread's default while it lives: nothing else in the process gets
/// to see them. Where the machine allows FIPS's alone, they stay away.
class OldAlgorithms {
 public:
  OldAlgorithms() : m_before(OSSL_LIB_CTX_set0_default(context())) {}
  ~OldAlgorithms() { OSSL_LIB_CTX_set0_default(m_before); }
  OldAlgorithms(const OldAlgorithms&) = delete;
  OldAlgorithms& operator=(const OldAlgorithms&) = delete;

  static bool are_here() { return context() != nullptr && OSSL_PROVIDER_available(context(), "legacy") == 1; }

 private:
  OSSL_LIB_CTX* m_before;

  static OSSL_LIB_CTX* context() {
    static auto* const made = []() -> OSSL_LIB_CTX* {
      if (EVP_default_properties_is_fips_enabled(nullptr) == 1) return nullptr;
      auto* library = OSSL_LIB_CTX_new();
      if (library == nullptr) throw std::bad_alloc();
      (void)OSSL_PROVIDER_load(library, "default");
      (void)OSSL_PROVIDER_load(library, "legacy");
      return library;
    }();
    return made;
  }
};

Error file_damaged() {
  return Error(ErrorCode::invalid_input, "the PKCS #12 file cannot be read", detail::take_openssl_reason())
      .hint("see what is wrong with it: openssl pkcs12 -in FILE -info -noout");
}

enum class Password { none, given };

Error file_not_opened(const std::string& why, Password password) {
  if (!OldAlgorithms::are_here())
    return Error(ErrorCode::unsupported, "the PKCS #12 file cannot be opened: " + why,
                 "it may be encrypted with RC2, for which OpenSSL's legacy provider is not here")
        .hint("install OpenSSL's provider modules (ossl-modules/legacy.so), or export the file with AES");
  if (password == Password::none)
    return Error(ErrorCode::invalid_input, "the PKCS #12 file has a password, and none is given", why)
        .hint("declare where it is, beside what names the file: \"passphrase\": { \"env\": \"PFX_PASSWORD\" }")
        .hint("try which one opens it: openssl pkcs12 -in FILE -info -noout");
  return Error(ErrorCode::invalid_input, "the password does not open the PKCS #12 file", why)
      .hint("try which one does: openssl pkcs12 -in FILE -info -noout; then correct what `passphrase` names");
}

class FileReader {
 public:
  FileReader(const SecretBuffer& password, Wanted wanted)
      : m_password(password.data()), m_length(static_cast<int>(password.size())), m_wanted(wanted) {}

  Result<Pkcs12Content> read(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const File file(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
    if (!file) return file_damaged();
    TRY(settle_password(file.get()));
    const Safes safes(PKCS12_unpack_authsafes(file.get()));
    if (!safes) return file_damaged();
    for (int i = 0; i < sk_PKCS7_num(safes.get()); ++i) TRY(take(*sk_PKCS7_value(safes.get(), i)));
    if (m_content.certificates_pem.empty())
      return Error(ErrorCode::invalid_input, "the PKCS #12 file has no certificate")
          .hint("see what it has: openssl pkcs12 -in FILE -info -noout");
    return std::move(m_content);
  }

 private:
  const char* m_password;
  int m_length;
  Wanted m_wanted;
  Pkcs12Content m_content;

  Error not_opened(const std::string& why) const {
    return file_not_opened(why, m_length == 0 ? Password::none : Password::given);
  }

  /// An empty password is written in two ways: as none, and as a text of no letters.
  Result<> settle_password(PKCS12* file) {
    if (m_length == 0) m_password = nullptr;
    if (PKCS12_mac_present(file) == 0 || PKCS12_verify_mac(file, m_password, m_length) == 1) return {};
    if (m_length == 0) {
      m_password = "";
      if (PKCS12_verify_mac(file, m_password, 0) == 1) return {};
    }
    const auto why = detail::take_openssl_reason();
    // Where the MAC could be computed, and is another one, OpenSSL gives no reason.
    return not_opened(why == "no reason given" ? "mac verify failure" : why);
  }

  Result<> take(PKCS7& safe) {
    Bags bags;
    if (PKCS7_type_is_data(&safe) != 0)
      bags.reset(PKCS12_unpack_p7data(&safe));
    else if (PKCS7_type_is_encrypted(&safe) != 0)
      bags.reset(PKCS12_unpack_p7encdata(&safe, m_password, m_length));
    else
      return Error(ErrorCode::unsupported, "the PKCS #12 file is encrypted for a public key")
          .hint("export it with a password, or none");
    if (!bags) return not_opened(detail::take_openssl_reason());
    return take(bags.get(), 0);
  }

  Result<> take(const STACK_OF(PKCS12_SAFEBAG) * bags, int depth) {
    constexpr int k_deepest = 8;
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
      const auto* bag = sk_PKCS12_SAFEBAG_value(bags, i);
      const int kind = PKCS12_SAFEBAG_get_nid(bag);
      if (kind == NID_certBag)
        TRY(take_certificate(bag));
      else if (kind == NID_keyBag || kind == NID_pkcs8ShroudedKeyBag)
        TRY(take_key(bag, kind));
      else if (kind == NID_safeContentsBag && depth < k_deepest)
        TRY(take(PKCS12_SAFEBAG_get0_safes(bag), depth + 1));
    }
    return {};
  }

  Result<> take_certificate(const PKCS12_SAFEBAG* bag) {
    if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate) return {};
    const detail::CertificateHandle certificate(PKCS12_SAFEBAG_get1_cert(bag));
    if (!certificate) return file_damaged();
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    if (size <= 0) return file_damaged();
    Certificate plain;
    plain.der.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    m_content.certificates_pem += to_pem(plain);
    return {};
  }

  Result<> take_key(const PKCS12_SAFEBAG* bag, int kind) {
    if (m_wanted == Wanted::certificates) return {};
    if (!m_content.private_key.empty())
      return Error(ErrorCode::invalid_input, "the PKCS #12 file has several private keys")
          .hint("leave the one that belongs to the certificate");
    OpenedKey opened;
    if (kind == NID_pkcs8ShroudedKeyBag) {
      opened.reset(PKCS12_decrypt_skey(bag, m_password, m_length));
      if (!opened) return not_opened(detail::take_openssl_reason());
    }
    const auto* info = opened ? opened.get() : PKCS12_SAFEBAG_get0_p8inf(bag);
    const int size = i2d_PKCS8_PRIV_KEY_INFO(info, nullptr);
    if (size <= 0) return file_damaged();
    SecretBuffer der(static_cast<std::size_t>(size));
    auto* out = reinterpret_cast<unsigned char*>(der.data());
    i2d_PKCS8_PRIV_KEY_INFO(info, &out);
    m_content.private_key = TRY(to_pkcs8(der, SecretBuffer()));
    return {};
  }
};

std::optional<SecretBuffer> der_of(const SecretBuffer& bytes) {
  constexpr std::size_t k_most_bytes = 1U << 20;
  if (bytes.empty() || bytes.size() > k_most_bytes) return std::nullopt;
  if (detail::looks_like_pkcs12(bytes.view())) return bytes.duplicate();
  SecretBuffer der(detail::decoded_capacity(bytes.view()));
  const auto size = detail::decode_base64(bytes.view(), der.data());
  if (!size) return std::nullopt;
  der.truncate(*size);
  if (!detail::looks_like_pkcs12(der.view())) return std::nullopt;
  return der;
}

Result<Pkcs12Content> read_file(const SecretBuffer& bytes, const SecretBuffer& password, Wanted wanted) {
  const auto der = der_of(bytes);
  if (!der && bytes.view().find("-----BEGIN ") != std::string_view::npos)
    return Error(ErrorCode::invalid_input, "this is PEM, and no PKCS #12 file")
        .hint("name it in a block certificate.pem_files; `chain` and `private_key` may be the same file");
  if (!der)
    return Error(ErrorCode::invalid_input, "this is no PKCS #12 file")
        .hint(
            "it is DER, or base64 of it: openssl pkcs12 -export -in CHAIN.pem -inkey KEY.pem -passout pass: | base64");
  Result<Pkcs12Content> content{Pkcs12Content()};
  on_wiped_stack([&] {
    const OldAlgorithms while_reading;
    content = FileReader(password, wanted).read(der->view());
  });
  return content;
}

}  // namespace

bool is_pkcs12(const SecretBuffer& bytes) { return der_of(bytes).has_value(); }

Result<std::string> certificates_in_pkcs12(const SecretBuffer& bytes, const SecretBuffer& password) {
  return TRY(read_file(bytes, password, Wanted::certificates)).certificates_pem;
}

Result<Pkcs12Content> open_pkcs12(const SecretBuffer& bytes, const SecretBuffer& password) {
  return read_file(bytes, password, Wanted::everything);
}

}  // namespace trunkform::x509
