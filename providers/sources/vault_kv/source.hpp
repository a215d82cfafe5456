#pragma once
// A secret of Vault's or OpenBao's key/value engine with a certificate chain and its key. Version 2 of the engine keeps
// earlier versions, which rollback goes back to; version 1 has one. Thread-safe.
#include <cstdint>
#include <optional>
#include <string>

#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/vault/client.hpp"
#include "providers/sources/secret_fields.hpp"
#include "schemas/model/vault_path.hpp"
#include "schemas/ports/certificate_source.hpp"

namespace trunkform::sources {

enum class KvEngine { v1, v2 };

struct VaultKvPlace {
  std::string mount = k_usual_kv_mount;
  std::string path;
  KvEngine engine = KvEngine::v2;
  std::optional<std::string> version{};  ///< pinned: a number of engine v2
  FieldNames fields{};
  /// Another secret of the mount, with the chain alone and the `version` of the pair that it is of: for those who have
  /// no right to the key. Empty: there is none. Only with engine v2.
  std::string public_path{};
};

class VaultKvSource final : public CertificateSource {
 public:
  /// `client` is borrowed.
  VaultKvSource(cloud::vault::Client& client, VaultKvPlace place) : m_client(client), m_place(std::move(place)) {}

  /// The whole secret is read to see its chain: the key is received into locked memory, and never looked at. A version
  /// that is known already is recognised by the metadata, where the policy allows to read it. With a public secret that
  /// one alone is read.
  Capability capability() const override {
    return m_place.public_path.empty() ? Capability::opaque : Capability::sealed;
  }
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;

 private:
  struct Seen;

  std::string data_path(const std::optional<std::string>& version) const;
  std::string metadata_path() const;
  std::string shown() const;
  /// For messages: the public secret, in quotes.
  std::string shown_public() const;
  bool is_still(const Context& context, const VersionId& known);
  Result<Seen> read(const Context& context, const std::optional<std::string>& version);
  Error nothing_there(const Context& context, const HttpResponse& answer, const std::optional<std::string>& version);
  /// `name`: of the secret, for messages; `remedy`: where it has no such field.
  SecretFields fields_in(cloud::SecretJson& json, const std::string& name, const std::string& remedy) const;
  SecretFields fields_in(cloud::SecretJson& json) const;
  Result<Described> published(const Context& context, const std::optional<std::string>& version);
  Result<std::optional<Described>> published_at(const Context& context, const std::optional<std::int64_t>& number,
                                                std::int64_t& newest);
  /// None: the pair is there, or nobody may know.
  std::optional<Error> lost(const Context& context, const VersionId& version);
  Result<> check_published(const Context& context, const VersionId& version, const std::string& certificates_pem);

  cloud::vault::Client& m_client;
  VaultKvPlace m_place;
};

}  // namespace trunkform::sources
