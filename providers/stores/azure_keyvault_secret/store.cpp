#include "providers/stores/azure_keyvault_secret/store.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/json_text.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/stores/layout.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::stores {
namespace {

using cloud::json_of;
using cloud::SecretJson;

constexpr const char* k_request_tag = "trunkform-request";
constexpr const char* k_since_tag = "trunkform-since";

SecretBuffer body_of(std::string_view value, const SecretBuffer& tags) {
  const auto body = json_of({{"value", value}, {"contentType", "application/x-pem-file"}});
  return cloud::joined({body.view().substr(0, body.size() - 1), R"(,"tags":)", tags.view(), "}"});
}

std::string path_of(const std::string& name, const std::string& version = {}) {
  return "secrets/" + cloud::percent_encoded(name) + (version.empty() ? "" : "/" + cloud::percent_encoded(version));
}

}  // namespace

struct AzureKeyVaultSecretStore::Newest {
  std::string version;
  std::string request;  ///< empty: no tag of ours
};

std::string AzureKeyVaultSecretStore::shown(const std::string& name) const {
  return fmt::format("the secret {}", cloud::quoted(fmt::format("{} in {}", name, m_vault.host)));
}

Result<std::string> AzureKeyVaultSecretStore::place(const Context&) {
  return fmt::format("{}/secrets/{}", m_vault.address, m_name);
}

Result<std::optional<HttpResponse>> AzureKeyVaultSecretStore::whole(const Context& context, const std::string& name) {
  auto answer = m_client.read(context, m_vault, path_of(name));
  if (answer) return std::optional(std::move(*answer));
  if (answer.error().code == ErrorCode::not_found) return std::optional<HttpResponse>();
  return std::move(answer.error());
}

Result<std::optional<AzureKeyVaultSecretStore::Newest>> AzureKeyVaultSecretStore::newest(const Context& context,
                                                                                         const std::string& name) {
  auto versions = m_client.versions(context, m_vault, path_of(name));
  if (!versions && versions.error().code == ErrorCode::not_found) return std::optional<Newest>();
  if (!versions) return std::move(versions.error());
  if (versions->empty()) return std::optional<Newest>();
  const auto& first = versions->front();
  if (versions->size() == 1 || first.created != (*versions)[1].created) {
    if (!first.enabled) return std::optional<Newest>();
    const auto tag = first.tags.find(k_request_tag);
    return std::optional(Newest{first.version, tag == first.tags.end() ? std::string() : tag->second});
  }
  // Times are whole seconds: of two versions of one second the vault alone knows which came last.
  const auto answer = TRY(whole(context, name));
  if (!answer) return std::optional<Newest>();
  SecretJson json(answer->secret_body);
  return std::optional(Newest{cloud::azure::version_in(json.text({"id"}).value_or("")),
                              json.text({"tags", k_request_tag}).value_or("")});
}

Result<std::optional<StoredVersion>> AzureKeyVaultSecretStore::current(const Context& context) {
  const auto found = TRY(newest(context, m_name));
  if (!found) return std::optional<StoredVersion>();
  return std::optional(StoredVersion{{found->version}, found->request});
}

Result<std::optional<StagedKey>> AzureKeyVaultSecretStore::staged(const Context& context) {
  const auto answer = TRY(whole(context, pending_name()));
  if (!answer) return std::optional<StagedKey>();
  SecretJson json(answer->secret_body);
  const auto field = [&](std::string_view name) -> std::optional<SecretBuffer> {
    if (name == "private_key") return json.secret({"value"});
    return json.secret({"tags", name == "since" ? k_since_tag : k_request_tag});
  };
  auto key = TRY(
      staged_in(field, shown(pending_name()),
                fmt::format("nothing of ours uses it: look at it, and where it is nobody's: az keyvault secret "
                            "set-attributes --enabled false --vault-name {} --name {}",
                            shell_word(m_vault.host.substr(0, m_vault.host.find('.'))), shell_word(pending_name()))));
  return std::optional(std::move(key));
}

/// The new version.
Result<std::string> AzureKeyVaultSecretStore::write(const Context& context, const std::string& name,
                                                    const std::string& request, const SecretBuffer& body) {
  auto answer = m_client.write(context, "PUT", m_vault, path_of(name), body);
  if (answer) {
    SecretJson json(answer->secret_body);
    auto version = cloud::azure::version_in(json.text({"id"}).value_or(""));
    if (!version.empty()) return version;
  } else if (!may_be_done(answer.error())) {
    return std::move(answer.error());
  }
  auto error = answer ? Error(ErrorCode::protocol, fmt::format("the answer for {} has no version", shown(name)))
                      : std::move(answer.error());
  auto found = newest(context, name);
  if (!found) return not_known(error, std::move(found.error()), shown(name));
  if (*found && (*found)->request == request) return (*found)->version;
  return error.causes.empty() ? std::move(error) : std::move(error.causes.front());
}

/// A key that is done with. It does nothing the second time.
Result<> AzureKeyVaultSecretStore::disable(const Context& context, const std::string& version) {
  const auto path = path_of(pending_name(), version);
  const auto body = SecretBuffer::copy_of(R"({"attributes":{"enabled":false}})");
  auto answer = m_client.write(context, "PATCH", m_vault, path, body, cloud::Repeat::freely);
  if (!answer && answer.error().code != ErrorCode::not_found) return std::move(answer.error());
  return {};
}

Result<> AzureKeyVaultSecretStore::stage(const Context& context, const StagedKey& key,
                                         const std::optional<std::string>& instead_of) {
  const auto before = TRY(newest(context, pending_name()));
  const auto there = before ? std::optional(before->request) : std::nullopt;
  if (there == key.request) return {};
  if (there != instead_of) return staged_meanwhile(shown(pending_name()));
  const auto tags = json_of({{k_request_tag, key.request}, {k_since_tag, to_rfc3339(key.since)}});
  TRY(write(context, pending_name(), key.request, body_of(key.private_key.view(), tags)));
  // The key before was never signed; where it cannot be disabled now, it is of no use to anybody either.
  if (before) (void)disable(context, before->version);
  return {};
}

Result<> AzureKeyVaultSecretStore::unstage(const Context& context, const std::string& request) {
  const auto found = TRY(newest(context, pending_name()));
  return found && found->request == request ? disable(context, found->version) : Result<>();
}

Result<VersionId> AzureKeyVaultSecretStore::promote(const Context& context, const std::string& request,
                                                    const KeyPair& pair, const std::optional<VersionId>& expected) {
  const auto before = TRY(newest(context, m_name));
  auto version = before ? before->version : std::string();
  if (!before || before->request != request) {
    if ((before ? std::optional(VersionId{version}) : std::nullopt) != expected)
      return replaced_meanwhile(shown(m_name));
    const auto text =
        cloud::joined({pair.private_key.view(), pair.private_key.view().ends_with('\n') ? "" : "\n", pair.chain_pem});
    version = TRY(write(context, m_name, request, body_of(text.view(), json_of({{k_request_tag, request}}))));
  }
  TRY(unstage(context, request));
  return VersionId{version};
}

}  // namespace trunkform::stores
