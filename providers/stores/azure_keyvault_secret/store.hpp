#pragma once
// A secret of an Azure key vault: one text, the key and then the chain in PEM, with the tag `trunkform-request`. A
// staged key is in the secret NAME-pending, and is disabled when it is promoted. A key vault has no condition for
// writes: of two writers the last one wins, and only our own lock keeps them apart. Nothing is deleted: the name of a
// deleted secret cannot be used until it is purged. Thread-safe.
#include "providers/cloud/azure/client.hpp"
#include "schemas/model/staged_place.hpp"
#include "schemas/ports/secret_store.hpp"

namespace trunkform::stores {

class AzureKeyVaultSecretStore final : public SecretStore {
 public:
  /// `client` is borrowed.
  AzureKeyVaultSecretStore(cloud::azure::Client& client, cloud::azure::VaultPlace vault, std::string name)
      : m_client(client), m_vault(std::move(vault)), m_name(std::move(name)) {}

  WriteGuarantee guarantee() const override { return WriteGuarantee::last_writer; }
  /// `https://sip.vault.azure.net/secrets/carrier-a`
  Result<std::string> place(const Context& context) override;
  Result<std::optional<StoredVersion>> current(const Context& context) override;
  Result<std::optional<StagedKey>> staged(const Context& context) override;
  Result<> stage(const Context& context, const StagedKey& key, const std::optional<std::string>& instead_of) override;
  Result<VersionId> promote(const Context& context, const std::string& request, const KeyPair& pair,
                            const std::optional<VersionId>& expected) override;
  Result<> unstage(const Context& context, const std::string& request) override;

 private:
  struct Newest;

  cloud::azure::Client& m_client;
  cloud::azure::VaultPlace m_vault;
  std::string m_name;

  std::string pending_name() const { return staged_key_vault_name(m_name); }
  std::string shown(const std::string& name) const;
  /// The version that readers get, by its metadata alone; none: there is none, or it is disabled.
  Result<std::optional<Newest>> newest(const Context& context, const std::string& name);
  /// With its value.
  Result<std::optional<HttpResponse>> whole(const Context& context, const std::string& name);
  Result<std::string> write(const Context& context, const std::string& name, const std::string& request,
                            const SecretBuffer& body);
  Result<> disable(const Context& context, const std::string& version);
};

}  // namespace trunkform::stores
