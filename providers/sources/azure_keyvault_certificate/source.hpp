#pragma once
// A certificate that a key vault has made, imported or renews. Its public part shows the leaf; the chain and the key
// are in a secret beside it, which `sid` names. Earlier versions are the way back. Thread-safe.
#include "providers/sources/key_vault_secret.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::sources {

struct AzureKeyVaultCertificatePlace {
  cloud::azure::VaultPlace vault;
  std::string name;
  std::optional<std::string> version;  ///< pinned
  Path chain;                          ///< a file with the certificates above the leaf; empty: the secret's are taken
};

class AzureKeyVaultCertificateSource final : public CertificateSource {
 public:
  /// Both are borrowed.
  AzureKeyVaultCertificateSource(cloud::azure::Client& client, FileSystem& files, AzureKeyVaultCertificatePlace place)
      : m_client(client), m_files(files), m_place(std::move(place)), m_secret(client, m_place.vault, m_place.name) {}

  /// The chain above the leaf is in the secret alone: where a file has it, planning needs no right to the secret.
  Capability capability() const override { return m_place.chain.empty() ? Capability::opaque : Capability::partial; }
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;

 private:
  struct Seen;

  cloud::azure::Client& m_client;
  FileSystem& m_files;
  AzureKeyVaultCertificatePlace m_place;
  KeyVaultSecret m_secret;

  Result<Seen> read(const Context& context, const std::optional<std::string>& version);
  Result<KeyVaultSecret::Seen> secret_of(const Context& context, const Seen& certificate);
};

}  // namespace trunkform::sources
