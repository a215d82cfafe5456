// The part of a session that leads out of the folder: secrets, the service, and the systems that keep certificates.
#include <fmt/format.h>

#include "cmd/trunkform/azure_access.hpp"
#include "cmd/trunkform/issuing_access.hpp"
#include "cmd/trunkform/kubernetes_access.hpp"
#include "cmd/trunkform/service_access.hpp"
#include "cmd/trunkform/session.hpp"
#include "cmd/trunkform/variable_words.hpp"
#include "cmd/trunkform/vault_access.hpp"

namespace trunkform::cli {

namespace {

language::Secret secret_of(const std::string& reference) {
  const auto colon = reference.find(':');
  language::Secret secret;
  secret.kind = reference.substr(0, colon) == "env" ? language::Secret::Kind::env : language::Secret::Kind::file;
  secret.name = reference.substr(colon + 1);
  return secret;
}

Path path_of(const World& world, const language::Secret& secret) {
  const auto path = Path(secret.name).is_absolute() ? Path(secret.name) : world.folder / secret.name;
  return std::filesystem::absolute(path).lexically_normal();
}

Result<> allow(const engine::Trust& trust, const World& world, const language::Secret& secret) {
  return secret.kind == language::Secret::Kind::env ? trust.allow_environment_secret(secret.name)
                                                    : trust.allow_file_secret(path_of(world, secret));
}

}  // namespace

Result<SecretBuffer> Session::read_secret(const language::Secret& secret) {
  TRY(allow(*TRY(trust()), m_world, secret));
  if (secret.kind == language::Secret::Kind::env) {
    auto value = m_world.environment.take_secret(secret.name);
    if (!value || value->empty())
      return Error(ErrorCode::not_found,
                   "the environment variable " + nothing_in(m_world.environment, {secret.name.c_str()}))
          .hint(fmt::format("set it where trunkform runs: export {}=…", secret.name));
    return std::move(*value);
  }
  auto bytes = TRY(m_world.files.read_secret(path_of(m_world, secret)));
  while (!bytes.empty() && (bytes.view().back() == '\n' || bytes.view().back() == '\r'))
    bytes.truncate(bytes.size() - 1);
  return bytes;
}

Result<SecretBuffer> Session::secret(const std::string& reference) { return read_secret(secret_of(reference)); }

Result<> Session::check_secret(const std::string& reference) {
  return allow(*TRY(trust()), m_world, secret_of(reference));
}

KeyExposures Session::exposures(const std::string& reference) {
  const auto secret = secret_of(reference);
  // Of files that the operator did not name nothing is told, not even that they are there.
  if (secret.kind != language::Secret::Kind::file || !check_secret(reference)) return {};
  return m_world.files.key_exposures(path_of(m_world, secret));
}

Result<TrunkApi*> Session::api() {
  if (m_api != nullptr) return m_api.get();
  const auto* provider = configuration().genesys ? &*configuration().genesys : nullptr;
  auto access = TRY(open_service(
      m_world, *TRY(trust()), provider, [this](const language::Secret& secret) { return read_secret(secret); },
      *m_facts));
  m_service = access.base_url;
  m_api = std::move(access.api);
  if (m_world.decorators.trunk_api) m_api = m_world.decorators.trunk_api(std::move(m_api));
  return m_api.get();
}

/// From several threads: the sources are opened side by side.
Result<cloud::vault::Client*> Session::vault() {
  const std::scoped_lock guard(m_services);
  if (m_vault != nullptr) return m_vault.get();
  const auto* provider = configuration().vault ? &*configuration().vault : nullptr;
  m_vault = TRY(open_vault(m_world, *TRY(trust()), provider,
                           [this](const language::Secret& secret) { return read_secret(secret); }));
  return m_vault.get();
}

Result<cloud::azure::Client*> Session::azure(const cloud::azure::VaultPlace& vault) {
  const std::scoped_lock guard(m_services);
  TRY(TRY(trust())->allow_host(vault.address, "azure"));
  if (m_azure != nullptr) return m_azure.get();
  const auto* provider = configuration().azure ? &*configuration().azure : nullptr;
  m_azure = TRY(open_azure(m_world, *TRY(trust()), provider,
                           [this](const language::Secret& secret) { return read_secret(secret); }));
  return m_azure.get();
}

Result<cloud::kubernetes::Client*> Session::kubernetes() {
  const std::scoped_lock guard(m_services);
  if (m_kubernetes == nullptr) m_kubernetes = TRY(open_kubernetes(m_world));
  return m_kubernetes.get();
}

Result<AwsAccess*> Session::aws_access() {
  const std::scoped_lock guard(m_services);
  if (m_aws == nullptr)
    m_aws = TRY(AwsAccess::open(m_world, *TRY(trust()), configuration().aws ? &*configuration().aws : nullptr));
  return m_aws.get();
}

Result<cloud::aws::Client*> Session::aws() { return &TRY(aws_access())->client(); }

Result<engine::Sources*> Session::sources() {
  if (m_sources == nullptr) {
    m_sources = std::make_unique<engine::Sources>(
        m_world.files, m_world.folder, [this](const std::string& reference) { return secret(reference); },
        m_world.clock, *m_facts,
        sources::Services{[this] { return vault(); }, [this](const auto& vault) { return azure(vault); },
                          [this] { return kubernetes(); }, [this] { return aws(); }});
    (void)trust();  // loaded once, here: the check is asked from several threads
    m_sources->check_secrets_with([this](const std::string& reference) { return check_secret(reference); });
  }
  return m_sources.get();
}

stores::Services Session::store_services() {
  return {[this] { return vault(); }, [this](const auto& vault) { return azure(vault); }, [this] { return aws(); }};
}

Result<engine::IssuingPlaces*> Session::issuing_places() {
  if (m_issuing == nullptr) m_issuing = TRY(open_issuing(m_world, *this));
  return m_issuing.get();
}

}  // namespace trunkform::cli
