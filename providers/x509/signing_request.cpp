#include "providers/x509/signing_request.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "providers/x509/key_handle.hpp"
#include "providers/x509/naming.hpp"
#include "providers/x509/secret_stack.hpp"

namespace trunkform::x509 {
namespace {

struct FreeRequest {
  void operator()(X509_REQ* request) const noexcept { X509_REQ_free(request); }
  void operator()(STACK_OF(X509_EXTENSION) * extensions) const noexcept { sk_X509_EXTENSION_free(extensions); }
};

Error refused() {
  return Error(ErrorCode::internal, "the signing request cannot be made", detail::take_openssl_reason());
}

Result<std::string> make(const SecretBuffer& key, const std::vector<std::string>& names) {
  if (names.empty()) return Error(ErrorCode::invalid_input, "a certificate needs a name");
  const auto opened = TRY(detail::open_key(key));
  const auto subject = TRY(detail::subject_of(names));
  const auto alternative = TRY(detail::alternative_names_of(names));
  const std::unique_ptr<X509_REQ, FreeRequest> request(X509_REQ_new());
  const std::unique_ptr<STACK_OF(X509_EXTENSION), FreeRequest> extensions(sk_X509_EXTENSION_new_null());
  if (!request || !extensions || sk_X509_EXTENSION_push(extensions.get(), alternative.get()) < 1 ||
      X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_subject_name(request.get(), subject.get()) != 1 ||
      X509_REQ_set_pubkey(request.get(), opened.get()) != 1 ||
      X509_REQ_add_extensions(request.get(), extensions.get()) != 1 ||
      X509_REQ_sign(request.get(), opened.get(), detail::digest_for(opened.get())) <= 0)
    return refused();
  const int size = i2d_X509_REQ(request.get(), nullptr);
  if (size <= 0) return refused();
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509_REQ(request.get(), &out);
  return der;
}

}  // namespace

Result<std::string> make_signing_request(const SecretBuffer& key, const std::vector<std::string>& names) {
  Result<std::string> der{std::string()};
  on_wiped_stack([&] { der = make(key, names); });
  return der;
}

}  // namespace trunkform::x509
