#include "providers/x509/trust_store.hpp"

#include <new>

#include <openssl/x509_vfy.h>

#include "providers/x509/certificates.hpp"
#include "providers/x509/handles.hpp"
#include "providers/x509/trust_store_impl.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::x509 {
namespace {

/// A distribution's whole bundle is a quarter of a megabyte with 150 roots.
constexpr PemLimits k_store_limits{8U << 20, 5000, 64U << 10};

std::unique_ptr<TrustStore::Impl> empty_store() {
  auto impl = std::make_unique<TrustStore::Impl>();
  impl->store.reset(X509_STORE_new());
  if (!impl->store) throw std::bad_alloc();
  return impl;
}

}  // namespace

void TrustStore::Impl::FreeStore::operator()(x509_store_st* store) const noexcept { X509_STORE_free(store); }

CertificatePtr TrustStore::Impl::facts_of(std::string_view der) const {
  const auto fingerprint = sha256(der);
  const std::scoped_lock guard(m_mutex);
  if (const auto known = m_facts.find(fingerprint); known != m_facts.end()) return known->second;
  const auto parsed = parse_der(der);
  return m_facts.emplace(fingerprint, parsed ? parsed->facts : nullptr).first->second;
}

TrustStore::TrustStore(std::unique_ptr<const Impl> impl) : m_impl(std::move(impl)) {}
TrustStore::~TrustStore() = default;

Result<std::shared_ptr<const TrustStore>> TrustStore::from_pem(std::string_view pem) {
  auto certificates = parse_certificates(pem, k_store_limits);
  if (!certificates) {
    return Error(ErrorCode::invalid_input, "the trust store cannot be read").because(std::move(certificates.error()));
  }
  auto impl = empty_store();
  for (const auto& certificate : *certificates) {
    const auto handle = detail::read_certificate(certificate.der);
    if (X509_STORE_add_cert(impl->store.get(), handle.get()) != 1) {
      return Error(ErrorCode::invalid_input, "the trust store cannot be read", detail::take_openssl_reason());
    }
  }
  // Who lists an intermediate as trusted means it: the path may end there.
  X509_STORE_set_flags(impl->store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  return std::make_shared<const TrustStore>(std::move(impl));
}

std::shared_ptr<const TrustStore> TrustStore::system() {
  static const auto k_system = [] {
    auto impl = empty_store();
    // Where the system has none, no path is trusted, and that is what every check says.
    if (X509_STORE_set_default_paths(impl->store.get()) != 1) (void)detail::take_openssl_reason();
    return std::make_shared<const TrustStore>(std::move(impl));
  }();
  return k_system;
}

Result<TrustStorePtr> TrustStores::get(const std::optional<SharedText>& given) {
  if (!given) return TrustStore::system();
  const std::string& pem = *given;
  const std::lock_guard lock(m_mutex);
  if (const auto found = m_stores.find(pem); found != m_stores.end()) return found->second;
  auto store = TRY(TrustStore::from_pem(pem));
  m_stores.emplace(pem, store);
  return store;
}

}  // namespace trunkform::x509
