#pragma once
// An authority whose key is at hand: for laboratories. It keeps no list of what it signed: a certificate's serial
// number and times follow from its request, so that a request that is made again after an interruption gets the same
// certificate, but for the signature of an ECDSA key. Thread-safe.
#include <functional>
#include <string>

#include "providers/x509/certificates.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/issuer.hpp"

namespace trunkform::issuers {

struct LocalCaPlace {
  Path certificate;         ///< PEM: the authority's own first, then what leads to the root
  std::string private_key;  ///< reference: `env:NAME`, `file:PATH`
  Duration lifetime{};      ///< where a request does not say
};

class LocalCa final : public Issuer {
 public:
  struct Secrets {
    std::function<Result<SecretBuffer>(const std::string& reference)> read;
    std::function<Result<>(const std::string& reference)> allowed;  ///< reads nothing
  };
  LocalCa(FileSystem& files, const Clock& clock, Secrets secrets, LocalCaPlace place)
      : m_files(files), m_clock(clock), m_secrets(std::move(secrets)), m_place(std::move(place)) {}

  std::string place() const override { return m_place.certificate.string(); }
  Result<> allowed() override { return m_secrets.allowed(m_place.private_key); }
  Checkup examine(const Context& context) override;
  /// By the authority's certificates alone, where they are at hand; its key is not read.
  Result<std::vector<std::string>> foretell(const Context& context, const OrderToCome& order) override;
  Result<OrderStatus> submit(const Context& context, const IssueOrder& order) override;
  /// Never needed: what is signed comes at once.
  Result<OrderStatus> poll(const Context& context, const std::string& ref, const IssueOrder& order) override;
  /// Error: unsupported: there is no list of what is revoked.
  Result<> revokes() const override;
  Result<> revoke(const Context& context, const std::string& leaf_der, RevocationReason reason) override;

 private:
  FileSystem& m_files;
  const Clock& m_clock;
  Secrets m_secrets;
  LocalCaPlace m_place;

  /// Its certificates, its own first, with the key, which fits.
  struct Authority {
    x509::Certificates chain;
    SecretBuffer key;
  };
  Result<Authority> authority();
  Error in_file(Error error) const;
  Error has_ended(const CertificateFacts& own) const;
};

}  // namespace trunkform::issuers
