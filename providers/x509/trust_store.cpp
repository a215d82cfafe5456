#include "providers/x509/trust_store.hpp"

#include <algorithm>
#include <new>

#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include "providers/x509/certificate_blocks.hpp"
#include "providers/x509/handles.hpp"
#include "providers/x509/trust_store_impl.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::x509 {
namespace {

/// A distribution's whole bundle is a quarter of a megabyte with 150 roots.
constexpr PemLimits k_store_limits{8U << 20, 5000, 64U << 10};

/// Every certificate of a text. Who lists an intermediate as trusted means it: the path may end there.
class GivenAnchors : public TrustStore::Impl {
 public:
  explicit GivenAnchors(const Certificates& certificates) {
    for (const auto& one : certificates) m_anchors.push_back({one.facts, detail::parsed_of(one)});
  }

  std::vector<const detail::Step*> anchors_named(const detail::DirectoryName& subject) const override {
    std::vector<const detail::Step*> found;
    for (const auto& anchor : m_anchors)
      if (anchor.reading().subject == subject) found.push_back(&anchor);
    return found;
  }

 private:
  std::vector<detail::Step> m_anchors;
};

struct FreeStore {
  void operator()(X509_STORE* store) const noexcept { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* search) const noexcept { X509_STORE_CTX_free(search); }
  void operator()(STACK_OF(X509) * certificates) const noexcept { sk_X509_pop_free(certificates, X509_free); }
  void operator()(unsigned char* bytes) const noexcept { OPENSSL_free(bytes); }
};

/// OpenSSL finds them by the hash of their names, in a folder of hundreds. Each is read when a path first needs it.
class SystemAnchors : public TrustStore::Impl {
 public:
  SystemAnchors() : m_store(X509_STORE_new()) {
    if (!m_store) throw std::bad_alloc();
    // Where the system has none, no path is trusted, and that is what every check says.
    if (X509_STORE_set_default_paths(m_store.get()) != 1) (void)detail::take_openssl_reason();
  }

  std::vector<const detail::Step*> anchors_named(const detail::DirectoryName& subject) const override {
    const std::scoped_lock guard(m_mutex);
    const auto [found, missing] = m_by_subject.try_emplace(subject.text());
    if (missing) found->second = look_up(subject);
    std::vector<const detail::Step*> anchors;
    for (const auto& anchor : found->second)
      if (anchor->reading().subject == subject) anchors.push_back(anchor.get());
    return anchors;
  }

 private:
  using Anchors = std::vector<std::unique_ptr<const detail::Step>>;

  Anchors look_up(const detail::DirectoryName& subject) const {
    const std::unique_ptr<X509_STORE_CTX, FreeStore> search(X509_STORE_CTX_new());
    if (!search || X509_STORE_CTX_init(search.get(), m_store.get(), nullptr, nullptr) != 1) throw std::bad_alloc();
    const std::unique_ptr<STACK_OF(X509), FreeStore> certificates(
        X509_STORE_CTX_get1_certs(search.get(), subject.native()));
    Anchors anchors;
    for (int i = 0; i < sk_X509_num(certificates.get()); ++i) {
      unsigned char* bytes = nullptr;
      const int size = i2d_X509(sk_X509_value(certificates.get(), i), &bytes);
      const std::unique_ptr<unsigned char, FreeStore> keep(bytes);
      auto one = parse_der({reinterpret_cast<char*>(bytes), static_cast<std::size_t>(std::max(size, 0))});
      if (one) anchors.push_back(std::make_unique<detail::Step>(detail::Step{one->facts, detail::parsed_of(*one)}));
    }
    (void)detail::take_openssl_reason();
    return anchors;
  }

  std::unique_ptr<X509_STORE, FreeStore> m_store;
  mutable std::mutex m_mutex;
  mutable std::map<std::string, Anchors> m_by_subject;
};

}  // namespace

bool TrustStore::Impl::holds(const detail::Step& step) const {
  const auto anchors = anchors_named(step.reading().subject);
  return std::any_of(anchors.begin(), anchors.end(),
                     [&](const detail::Step* anchor) { return anchor->facts->fingerprint == step.facts->fingerprint; });
}

TrustStore::TrustStore(std::unique_ptr<const Impl> impl) : m_impl(std::move(impl)) {}
TrustStore::~TrustStore() = default;

Result<std::shared_ptr<const TrustStore>> TrustStore::from_pem(std::string_view pem) {
  if (const auto at = pem.find("-----BEGIN TRUSTED CERTIFICATE-----"); at != std::string_view::npos) {
    // It may say that it is trusted for nothing that servers do: distributions list so whom they no longer trust.
    return Error(ErrorCode::invalid_input,
                 fmt::format("the trust store cannot be read: there is a TRUSTED CERTIFICATE at line {}",
                             1 + std::count(pem.begin(), pem.begin() + static_cast<std::ptrdiff_t>(at), '\n')),
                 "what such a certificate is trusted for is written in it, and not read here")
        .hint("where it is trusted for servers, make an ordinary one of it: openssl x509 -in FILE -out FILE.pem")
        .hint("or take it out; a distribution's bundle is there as a file of ordinary ones, too");
  }
  const auto certificates = parse_certificates(pem, k_store_limits);
  if (!certificates) {
    return Error(ErrorCode::invalid_input, "the trust store cannot be read").because(Error(certificates.error()));
  }
  return std::make_shared<const TrustStore>(std::make_unique<const GivenAnchors>(*certificates));
}

std::shared_ptr<const TrustStore> TrustStore::system() {
  static const auto k_system = std::make_shared<const TrustStore>(std::make_unique<const SystemAnchors>());
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
