#pragma once
// What a command works with, opened step by step and only as far as it needs: the folder's files, the evaluated
// configuration, the state's ports, the service. Not thread-safe.
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cmd/engine/gather.hpp"
#include "cmd/engine/issuing_places.hpp"
#include "cmd/engine/sources.hpp"
#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/aws_access.hpp"
#include "cmd/trunkform/command_spec.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "providers/cloud/azure/client.hpp"
#include "providers/cloud/kubernetes/client.hpp"
#include "providers/cloud/vault/client.hpp"
#include "providers/platform/posix/function_host.hpp"
#include "providers/stores/registry.hpp"
#include "providers/x509/facts_cache.hpp"
#include "state/backends/registry.hpp"

namespace trunkform::cli {

class Session {
 public:
  Session(World& world, const Arguments& arguments);
  ~Session();

  /// The texts of all files that were read, for diagnostics with the line and a caret.
  const std::vector<language::SourceFile>& files() const { return m_files; }

  /// Reads the folder's `*.trunk.json`. Error: not_found with what to do, where there is none.
  Result<> read_files();
  /// Evaluates. Its warnings and errors are in `loaded()`; an Error is returned only for unreadable files.
  Result<const language::Loaded*> load();
  const language::Loaded& loaded() const { return *m_loaded; }
  /// Frees what the configuration was evaluated with: for commands that go on for long after that.
  void drop_workings() { m_loaded->workings.reset(); }
  const language::Configuration& configuration() const { return *m_loaded->configuration; }
  /// Of `files`, those that hold blocks.
  std::vector<language::SourceFile> configuration_files() const;
  /// Values that count where nobody says otherwise: those that a saved plan was made with, name → JSON. Before `load`.
  void assume(std::map<std::string, std::string> variables) { m_assumed = std::move(variables); }
  language::VariableInputs variable_inputs(Diagnostics& diagnostics);
  FunctionHost& function_host() { return m_function_host; }
  language::LoadOptions load_options();

  /// What the backend block says; the defaults where there is none. Nothing else counts, as `init` looks at it.
  Result<language::BackendSettings> configured_backend();
  /// The same with what `init -backend-config` gave. Error: conflict, where the state was elsewhere at that time.
  Result<const language::BackendSettings*> backend_settings();
  /// From now on, whatever was written down before.
  void use_backend(language::BackendSettings settings) { m_backend_settings = std::move(settings); }
  /// Whether a state lies in the folder itself, where it is without a backend block.
  Result<bool> has_local_state();
  /// The ports of a workspace there. Errors: untrusted, with the command; the backend's.
  Result<state::Backend> open_backend(const language::BackendSettings& settings, const std::string& workspace);
  /// The same of a state that is to be read, and left as it is: in the clear, or encrypted.
  Result<state::Backend> open_source(const language::BackendSettings& settings, const std::string& workspace);
  /// Where a local state lies: as the backend block says, beneath the configuration's folder. Error: untrusted
  /// elsewhere.
  Result<Path> state_folder();
  /// The state's ports for the selected workspace. Does not need the configuration but for its backend block.
  Result<state::Backend*> backend();
  /// From now on a state in the clear is read, and written encrypted: for `init`, which encrypts one.
  void accept_plain_state() { m_plain = state::StateKeys::Plain::accepted; }
  /// Makes what the backend needs and has not, and tries whether it keeps its promises; of a local state there is
  /// nothing.
  Result<> prepare_backend();
  /// Begins to read the state, which needs nothing of the configuration but its backend block: to be called before
  /// `load` by what takes no lock. Mistakes are told by `read_state`.
  void read_state_ahead();
  /// What was begun ahead, or read now. With who holds the lock, unless this command does.
  Result<engine::ReadState> read_state();
  /// From now on this command holds the lock itself.
  void took_lock() { m_others = Others::kept_out; }
  /// The lock, where others may hold it, to look who does; null where this command does, and where looking would keep
  /// others out. Needs an open backend.
  Lock* lock_of_others() {
    return m_others == Others::possible && m_backend->tells_holder ? m_backend->lock.get() : nullptr;
  }
  /// Error: not_found, where the one that TRUNKFORM_WORKSPACE names or that was selected is not there.
  Result<std::string> workspace();
  /// For the commands that choose a workspace: the one that is chosen now need not be there.
  void allow_new_workspace() { m_new_workspace = NewWorkspace::allowed; }
  /// The trunks of this organisation that the backend's other workspaces bind, and who does.
  Result<std::map<TrunkId, TrunkOwner>> owned_elsewhere(const Organisation& organisation);

  Result<const engine::Trust*> trust();
  Result<TrunkApi*> api();
  /// From several threads.
  Result<AwsAccess*> aws_access();
  Result<cloud::vault::Client*> vault();
  Result<cloud::azure::Client*> azure(const cloud::azure::VaultPlace& vault);
  Result<cloud::kubernetes::Client*> kubernetes();
  Result<engine::Sources*> sources();
  /// What stores write to; borrows this session.
  stores::Services store_services();
  Result<engine::IssuingPlaces*> issuing_places();
  Instant now() const { return m_world.clock.now(); }
  const std::string& service() const { return m_service; }
  /// What a reference (`env:NAME`, `file:PATH`) names, where the trust file allows it.
  Result<SecretBuffer> secret(const std::string& reference);
  /// Whether the trust file allows it; reads nothing. From several threads, once the trust file was read.
  Result<> check_secret(const std::string& reference);
  /// Who else may read or replace the file that `file:PATH` names; nothing of `env:NAME`, nor where it is not trusted.
  KeyExposures exposures(const std::string& reference);
  /// Whether there is a configuration to ask for.
  bool is_loaded() const { return m_loaded && m_loaded->configuration; }
  /// Sent to the service so far.
  std::uint64_t requests() const { return m_api == nullptr ? 0 : m_api->requests(); }
  TlsProbe& tls() { return m_world.tls; }
  x509::FactsCache& facts() { return *m_facts; }

  /// `-parallelism`, 10 where the command has no such flag.
  std::size_t parallelism() const;
  Context context() const;

 private:
  World& m_world;
  const Arguments& m_arguments;
  std::vector<language::SourceFile> m_files;  ///< of the configuration first, then of variables
  std::size_t m_configuration_files = 0;
  std::shared_ptr<language::ParsedFiles> m_parsed = std::make_shared<language::ParsedFiles>();
  std::map<std::string, std::string> m_assumed;
  platform::FolderFunctionHost m_function_host;
  std::unique_ptr<x509::FactsCache> m_facts = std::make_unique<x509::FactsCache>();
  std::optional<language::Loaded> m_loaded;
  std::optional<engine::Trust> m_trust;
  std::optional<language::BackendSettings> m_backend_settings;
  std::optional<std::string> m_workspace;
  /// Of a state in S3, in Azure Blob Storage, at an HTTP server and in etcd, by the arguments of its backend, once it
  /// was asked for.
  std::map<std::map<std::string, std::string>, std::shared_ptr<ObjectStore>> m_buckets;
  std::map<std::map<std::string, std::string>, std::shared_ptr<BlobStore>> m_containers;
  std::map<std::map<std::string, std::string>, std::shared_ptr<StateServer>> m_state_servers;
  std::map<std::map<std::string, std::string>, std::shared_ptr<KeyValueStore>> m_clusters;
  std::unique_ptr<cloud::vault::Client> m_state_vault;  ///< of the state's key
  std::shared_ptr<const state::StateKeys> m_state_keys;
  state::StateKeys::Plain m_plain = state::StateKeys::Plain::refused;
  std::optional<state::Backend> m_backend;
  std::future<Result<engine::ReadState>> m_state_ahead;
  std::unique_ptr<TrunkApi> m_api;
  std::mutex m_services;
  std::unique_ptr<cloud::vault::Client> m_vault;
  std::unique_ptr<cloud::azure::Client> m_azure;
  std::unique_ptr<cloud::kubernetes::Client> m_kubernetes;
  std::unique_ptr<AwsAccess> m_aws;
  std::unique_ptr<engine::Sources> m_sources;        ///< borrows the services
  std::unique_ptr<engine::IssuingPlaces> m_issuing;  ///< the same
  std::string m_service;
  enum class Others { possible, kept_out } m_others = Others::possible;
  enum class NewWorkspace { refused, allowed } m_new_workspace = NewWorkspace::refused;

  Result<SecretBuffer> read_secret(const language::Secret& secret);
  Result<cloud::aws::Client*> aws();
  Result<state::Backend> open_backend(const std::string& workspace);
  Result<state::Backend> open_with(const language::BackendSettings& settings, const std::string& workspace,
                                   std::shared_ptr<const state::StateKeys> keys);
  /// Null: the configuration has no key for the state. Read once.
  Result<std::shared_ptr<const state::StateKeys>> state_keys();
  Result<Path> state_folder(const language::BackendSettings& backend);
  Result<std::string> chosen_workspace();
  std::optional<std::string> workspace_of_environment() const;
  Result<> require_workspace(const std::string& name, std::string why);
};

}  // namespace trunkform::cli
