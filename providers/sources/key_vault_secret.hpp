#pragma once
// A secret of a key vault that holds a chain and its key: one text of PEM, or PKCS #12 with an empty password, as its
// contentType says. Both sources of Key Vault read it. Thread-safe.
#include <optional>
#include <string>
#include <vector>

#include "providers/cloud/azure/client.hpp"
#include "providers/cloud/secret_json.hpp"
#include "schemas/ports/certificate_source.hpp"

namespace trunkform::sources {

class KeyVaultSecret {
 public:
  /// `client` is borrowed. `name`: of the secret.
  KeyVaultSecret(cloud::azure::Client& client, cloud::azure::VaultPlace vault, std::string name)
      : m_client(client), m_vault(std::move(vault)), m_name(std::move(name)) {}

  /// One version as it came; the value is still closed.
  struct Seen {
    SecretBuffer value;
    std::string content_type;  ///< as it stands; may be empty
    VersionId version;
    std::optional<Instant> created;
  };

  /// Errors: as Client::read; not_found, where it has ended or not begun; protocol.
  Result<Seen> read(const Context& context, const std::optional<std::string>& version);
  /// The certificates; the key is not looked at. Error: invalid_input, also where the value is not what contentType
  /// says.
  Result<std::string> certificates(const Seen& seen) const;
  /// With the key. Error: invalid_input.
  Result<FetchedPair> pair(const Seen& seen) const;
  /// Newest first, of `kind`: `secrets` or `certificates`.
  Result<std::vector<SourceVersion>> versions(const Context& context, const std::string& kind);

  /// `sip in sip-east.vault.azure.net`, quoted, for messages.
  std::string shown() const;

 private:
  cloud::azure::Client& m_client;
  cloud::azure::VaultPlace m_vault;
  std::string m_name;

  enum class Form { pem, pkcs12 };
  Result<Form> form_of(const Seen& seen) const;
};

/// `enabled`, `nbf` and `exp` of what a vault has: whether it is to be used now, and why not.
struct KeyVaultAttributes {
  bool enabled = true;
  std::optional<Instant> not_before;
  std::optional<Instant> expires;
};
KeyVaultAttributes attributes_in(cloud::SecretJson& json);
/// Error: not_found. `what`: `the secret "sip in …"`.
Result<> check_usable(const KeyVaultAttributes& attributes, Instant now, const std::string& what);

/// Whether metadata shows that nothing newer than `version` is there to be used.
bool is_newest(const std::vector<SourceVersion>& versions, const VersionId& version);

/// Seconds since 1970 at `path`.
std::optional<Instant> epoch_time_at(cloud::SecretJson& json, cloud::SecretJson::Path path);

}  // namespace trunkform::sources
