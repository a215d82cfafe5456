#pragma once
// A secret of a key vault with a chain and its key, written by a person or a pipeline. Its earlier versions are the way
// back. Thread-safe.
#include "providers/sources/key_vault_secret.hpp"

namespace trunkform::sources {

class AzureKeyVaultSecretSource final : public CertificateSource {
 public:
  /// `version`: pinned; none: the newest.
  AzureKeyVaultSecretSource(KeyVaultSecret secret, std::optional<std::string> version)
      : m_secret(std::move(secret)), m_version(std::move(version)) {}

  /// Chain and key are one value.
  Capability capability() const override { return Capability::opaque; }
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;

 private:
  KeyVaultSecret m_secret;
  std::optional<std::string> m_version;
};

}  // namespace trunkform::sources
