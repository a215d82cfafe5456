#pragma once
// A secret of the key/value engine, version 2, of Vault and OpenBao. Every write names the number of the version that
// it replaces (`cas`). A staged key is in the secret PATH/pending, whose data are destroyed when it is promoted. How
// many versions are kept is the engine's own setting (max_versions). Thread-safe.
#include "providers/cloud/vault/client.hpp"
#include "schemas/model/staged_place.hpp"
#include "schemas/model/vault_path.hpp"
#include "schemas/ports/secret_store.hpp"

namespace trunkform::cloud {
class SecretJson;
namespace vault {
struct Need;
}
}  // namespace trunkform::cloud

namespace trunkform::stores {

struct VaultKvStorePlace {
  std::string mount = k_usual_kv_mount;
  std::string path;
  /// A second secret with the chain alone, for readers without a right to the key; empty: there is none.
  std::string public_path{};
};

class VaultKvStore final : public SecretStore {
 public:
  /// `client` is borrowed.
  VaultKvStore(cloud::vault::Client& client, VaultKvStorePlace place) : m_client(client), m_place(std::move(place)) {}

  WriteGuarantee guarantee() const override { return WriteGuarantee::compare_and_swap; }
  /// `https://vault.example.com:8200/secret/sip/carrier-a`
  Result<std::string> place(const Context& context) override;
  /// With a public secret, the metadata say it: the pair is not read, and the request is not known. Else the secret is
  /// received whole, into locked memory, and its key is not looked at.
  Result<std::optional<StoredVersion>> current(const Context& context) override;
  Result<std::optional<StoredVersion>> promoted(const Context& context) override;
  /// Of each path, what the token may do there; and whether the public secret shows what the pair has.
  Checkup examine(const Context& context) override;
  /// By one question, of the same rights.
  std::vector<std::string> foretell(const Context& context, const std::optional<VersionId>& current) override;
  Result<std::optional<StagedKey>> staged(const Context& context) override;
  Result<> stage(const Context& context, const StagedKey& key, const std::optional<std::string>& instead_of) override;
  Result<VersionId> promote(const Context& context, const std::string& request, const KeyPair& pair,
                            const std::optional<VersionId>& expected) override;
  Result<> unstage(const Context& context, const std::string& request) override;
  Result<bool> show_current(const Context& context) override;

  struct Seen;  ///< within the folder

 private:
  cloud::vault::Client& m_client;
  VaultKvStorePlace m_place;

  std::vector<cloud::vault::Need> needs() const;
  std::string pending_path() const { return staged_vault_path(m_place.path); }
  std::string api_path(std::string_view what, const std::string& path) const;
  std::string shown(const std::string& path) const;
  Result<Seen> read(const Context& context, const std::string& path);
  /// The new version's number. `otherwise`: the error where `cas` is no longer that of the newest.
  Result<std::uint64_t> write(const Context& context, const std::string& path, std::uint64_t cas,
                              const SecretBuffer& fields, const std::string& request, const Error& otherwise);
  Result<std::uint64_t> read_back(const Context& context, const std::string& path, std::uint64_t cas,
                                  const std::string& request, Error error, const Error& otherwise);
  Result<> destroy(const Context& context, const std::string& path, std::uint64_t version);
  Result<> is_version_2(const Context& context);
  Result<> is_for_chains(Seen& seen) const;
  Result<std::string> chain_in(Seen& stored) const;
  Result<bool> publish(const Context& context, Seen& stored);
  Result<bool> publish(const Context& context, std::uint64_t version, const std::string& request, const KeyPair& pair);
  void examine_public(const Context& context, Checkup& checkup);
  /// By the pair's metadata; none: it is gone, or there is none. Whose request it is, is not told there.
  Result<std::optional<StoredVersion>> newest_version(const Context& context);
};

}  // namespace trunkform::stores
