#include "providers/sources/azure_keyvault_secret/source.hpp"

namespace trunkform::sources {

Result<Described> AzureKeyVaultSecretSource::describe(const Context& context, const std::optional<VersionId>& pin,
                                                      const std::optional<VersionId>& known) {
  const auto wanted = pin ? std::optional(pin->value) : m_version;
  Described described;
  if (known && !wanted && is_newest(TRY(m_secret.versions(context, "secrets")), *known)) {
    described.version = *known;
    described.unchanged = true;
    return described;
  }
  const auto seen = TRY(m_secret.read(context, wanted));
  described.version = seen.version;
  described.certificates_pem = TRY(m_secret.certificates(seen));
  described.since = seen.created;
  return described;
}

Result<std::vector<SourceVersion>> AzureKeyVaultSecretSource::versions(const Context& context) {
  return m_secret.versions(context, "secrets");
}

Result<FetchedPair> AzureKeyVaultSecretSource::fetch(const Context& context, const VersionId& version) {
  return m_secret.pair(TRY(m_secret.read(context, version.value)));
}

}  // namespace trunkform::sources
