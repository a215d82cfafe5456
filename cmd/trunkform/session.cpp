#include "cmd/trunkform/session.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/engine/backend_trust.hpp"
#include "cmd/trunkform/authored_file.hpp"
#include "cmd/trunkform/backend_record.hpp"
#include "cmd/trunkform/bucket_access.hpp"
#include "cmd/trunkform/container_access.hpp"
#include "cmd/trunkform/etcd_access.hpp"
#include "cmd/trunkform/state_key_access.hpp"
#include "cmd/trunkform/state_server_access.hpp"
#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "planner/diff/organisation.hpp"
#include "schemas/codec/plan_codec.hpp"
#include "schemas/model/shell_word.hpp"
#include "schemas/model/version.hpp"
#include "state/backends/local/paths.hpp"
#include "state/document/workspace.hpp"

namespace trunkform::cli {

Session::Session(World& world, const Arguments& arguments)
    : m_world(world), m_arguments(arguments), m_function_host(world.files, world.folder) {}

Session::~Session() {
  m_api.reset();  // holds the token, and borrows the facts
  m_world.leave(std::move(m_sources));
  m_world.leave(std::move(m_facts));
  m_world.leave(std::move(m_loaded));
}

Context Session::context() const {
  Context context;
  context.stop = m_world.stop;
  return context;
}

std::size_t Session::parallelism() const {
  const auto found = m_arguments.m_flags.find("parallelism");
  if (found == m_arguments.m_flags.end() || found->second.empty()) return 10;
  return std::stoul(found->second.back());  // the parser let only numbers through
}

Result<> Session::read_files() {
  if (!m_files.empty()) return {};
  std::vector<std::string> of_terraform;
  // Kept once all of them are read: whoever asks again after an error must not find a part of the configuration.
  std::vector<language::SourceFile> files;
  for (const auto& name : TRY(m_world.files.list(m_world.folder))) {
    if (name.ends_with(".tf") || name.ends_with(".tf.json")) of_terraform.push_back(name);
    if (!name.ends_with(".trunk.json") && !name.ends_with(".trunk")) continue;
    auto bytes = TRY(read_authored(m_world.files, m_world.folder, name, 65ULL << 20U));
    if (is_saved_plan(bytes))
      return Error(ErrorCode::invalid_input, fmt::format("{} is a saved plan and no configuration", name),
                   "every file here whose name ends in .trunk.json is read as configuration")
          .hint(fmt::format("give it another name: mv {} {}", shell_quoted(name),
                            shell_quoted(name.substr(0, name.rfind(".trunk")) + ".trunkplan")));
    files.push_back({name, std::move(bytes)});
  }
  m_files = std::move(files);
  m_configuration_files = m_files.size();
  if (m_files.empty()) {
    const auto folder = (std::filesystem::absolute(m_world.folder) / "").lexically_normal().parent_path();
    Error error(ErrorCode::not_found, "there is no configuration here",
                fmt::format("no file of {} ends in .trunk.json", folder.string()));
    if (!of_terraform.empty()) {
      error.detail +=
          fmt::format("; {} {} Terraform's", of_terraform.front(),
                      of_terraform.size() == 1 ? "is" : fmt::format("and {} more are", of_terraform.size() - 1));
      error.hints.emplace_back(
          "trunkform reads JSON alone, from files that end in .trunk.json, and no HCL: write "
          "main.trunk.json, also beside those files, which it leaves alone");
    }
    return std::move(error)
        .hint("go to the folder of the configuration, or name it: trunkform -chdir=FOLDER …")
        .hint("examples/quickstart of the repository is a complete example");
  }
  return {};
}

std::vector<language::SourceFile> Session::configuration_files() const {
  return {m_files.begin(), m_files.begin() + static_cast<std::ptrdiff_t>(m_configuration_files)};
}

language::VariableInputs Session::variable_inputs(Diagnostics& diagnostics) {
  language::VariableInputs inputs;
  const auto add_file = [&](const std::string& name) {
    auto bytes = read_authored(m_world.files, m_world.folder, name, 64ULL << 20U);
    if (!bytes) return diagnostics.add(std::move(bytes.error()));
    language::SourceFile file{name, std::move(*bytes)};
    auto values = language::parse_variable_file(file, diagnostics);
    std::move(values.begin(), values.end(), std::back_inserter(inputs));
    const auto is_same = [&](const language::SourceFile& other) { return other.name == file.name; };
    if (std::none_of(m_files.begin(), m_files.end(), is_same)) m_files.push_back(std::move(file));
  };
  for (const auto& [name, json] : m_assumed)
    inputs.push_back({name, json, language::VariableInput::Form::json, language::VariableInput::Origin::environment,
                      "the saved plan", std::nullopt});
  for (const auto& name : m_world.environment.names_with_prefix("TRUNKFORM_VAR_"))
    if (auto input = language::variable_from_environment(name, m_world.environment.variable(name).value_or("")))
      inputs.push_back(std::move(*input));
  if (const auto names = m_world.files.list(m_world.folder))
    for (const auto& name : *names)
      if (name == "trunkform.trunkvars.json" || name.ends_with(".auto.trunkvars.json")) add_file(name);
  if (m_arguments.m_flags.contains("var-file"))
    for (const auto& name : m_arguments.list("var-file")) add_file(name);
  if (m_arguments.m_flags.contains("var"))
    for (const auto& text : m_arguments.list("var")) {
      auto input = language::parse_variable_flag(text);
      if (input)
        inputs.push_back(std::move(*input));
      else
        diagnostics.add(std::move(input.error()));
    }
  return inputs;
}

language::LoadOptions Session::load_options() {
  language::LoadOptions options;
  options.version = std::string(version());
  options.parsed = m_parsed;
  options.now = m_world.clock.now();
  // Whether it is there, only who works with the state must know.
  options.workspace = chosen_workspace().value_or(k_default_workspace);
  return options;
}

Result<const language::Loaded*> Session::load() {
  if (m_loaded) return &*m_loaded;
  TRY(read_files());
  Diagnostics diagnostics;
  const auto configuration_files = this->configuration_files();
  const auto inputs = variable_inputs(diagnostics);
  m_loaded = language::load_configuration(configuration_files, inputs, m_function_host, load_options());
  if (diagnostics.has_errors()) m_loaded->configuration.reset();
  diagnostics.append(std::move(m_loaded->diagnostics));
  m_loaded->diagnostics = std::move(diagnostics);
  return &*m_loaded;
}

/// A state's command works beside a configuration that is broken elsewhere, or without any.
Result<language::BackendSettings> Session::configured_backend() {
  if (auto read = read_files(); !read && read.error().code != ErrorCode::not_found) return std::move(read.error());
  language::LoadOptions options;
  options.version = std::string(version());
  options.parsed = m_parsed;
  return language::load_backend(std::span(m_files).first(m_configuration_files), m_function_host, options);
}

Result<bool> Session::has_local_state() {
  return m_world.files.exists(state::paths_of(m_world.folder, k_default_workspace).state);
}

Result<const language::BackendSettings*> Session::backend_settings() {
  if (m_backend_settings) return &*m_backend_settings;
  auto settings = TRY(configured_backend());
  const auto record = TRY(read_backend_record(m_world.files, m_world.folder));
  if (record && record->type == settings.type) settings = TRY(with_given(std::move(settings), record->given));
  if (const auto was = left_behind(settings, record, TRY(has_local_state()))) return moved_backend(*was, settings);
  return &m_backend_settings.emplace(std::move(settings));
}

Result<Path> Session::state_folder() { return state_folder(*TRY(backend_settings())); }

Result<Path> Session::state_folder(const language::BackendSettings& backend) {
  const auto path = backend.arguments.find("path");
  if (path == backend.arguments.end()) return m_world.folder;
  const auto given = Path(path->second).lexically_normal();
  const auto refused = [&](std::string why) {
    auto error =
        Error(ErrorCode::untrusted, fmt::format("the state may not be kept in {}", path->second), std::move(why))
            .hint("use a path beneath the configuration's folder, or none");
    return backend.source ? std::move(error).at(*backend.source) : error;
  };
  if (given.is_absolute() || given.begin() == given.end() || *given.begin() == "..")
    return refused("configuration may place it beneath its own folder only");
  auto at = m_world.folder;
  for (const auto& part : given)
    if (const auto target = m_world.files.read_link(at /= part))
      return refused(
          fmt::format("{} is a symbolic link to {}, and whoever may change the configuration could point it "
                      "anywhere",
                      at.string(), target->string()));
  return m_world.folder / given;
}

/// A typing error must not begin an empty state beside the real one.
Result<> Session::require_workspace(const std::string& name, std::string why) {
  const auto opened = TRY(open_backend(k_default_workspace));
  const auto names = TRY(opened.workspaces->list(context()));
  if (std::find(names.begin(), names.end(), name) != names.end()) return {};
  Error error(ErrorCode::not_found, fmt::format("there is no workspace {}", name), std::move(why));
  if (const auto near = nearest(name, names); !near.empty())
    error.hints.push_back(fmt::format("did you mean {}?", near));
  error.hints.emplace_back("see which there are: trunkform workspace list; then: trunkform workspace select NAME");
  error.hints.push_back(fmt::format("make it, with an empty state: trunkform workspace new {}", name));
  return error;
}

Result<std::shared_ptr<const state::StateKeys>> Session::state_keys() {
  if (m_state_keys) return m_state_keys;
  const auto settings = TRY(configured_backend());
  if (!settings.encryption) return m_state_keys;
  const StateKeyServices services{[this](const language::Secret& secret) { return read_secret(secret); },
                                  [this]() -> Result<cloud::vault::Client*> {
                                    if (!m_state_vault)
                                      m_state_vault = TRY(open_vault(m_world, *TRY(trust()), nullptr, {}));
                                    return m_state_vault.get();
                                  },
                                  m_world.random};
  auto keys = TRY(open_state_keys(*settings.encryption, services));
  keys.context = context();
  keys.plain = m_plain;
  m_state_keys = std::make_shared<const state::StateKeys>(std::move(keys));
  return m_state_keys;
}

/// Where a configuration says the server, the operator must have said so before: its credentials go there.
Result<state::Backend> Session::open_with(const language::BackendSettings& settings, const std::string& workspace,
                                          std::shared_ptr<const state::StateKeys> keys) {
  const bool is_local = settings.type == "local";
  if (!is_local)
    if (auto allowed = engine::allow_backend(*TRY(trust()), settings); !allowed)
      return settings.source ? std::move(allowed.error()).at(*settings.source) : std::move(allowed.error());
  auto folder = is_local ? TRY(state_folder(settings)) : m_world.folder;
  // Opened when a backend of that kind asks for it, once for all its workspaces.
  const auto once = [&]<class Port>(std::map<std::map<std::string, std::string>, std::shared_ptr<Port>>& opened,
                                    auto open) {
    return [&opened, &settings, this, open]() -> Result<std::shared_ptr<Port>> {
      auto& port = opened[settings.arguments];
      if (!port) port = TRY(open(m_world, *TRY(trust()), settings));
      return port;
    };
  };
  const state::BackendServices services{m_world.files,
                                        m_world.clock,
                                        m_world.random,
                                        std::move(folder),
                                        std::move(keys),
                                        once(m_buckets, open_bucket),
                                        once(m_containers, open_container),
                                        once(m_state_servers, open_state_server),
                                        once(m_clusters, open_cluster)};
  auto opened = state::open_backend(services, settings.type, settings.arguments, workspace);
  if (!opened && !opened.error().source && settings.source) return std::move(opened.error()).at(*settings.source);
  return opened;
}

Result<state::Backend> Session::open_backend(const language::BackendSettings& settings, const std::string& workspace) {
  return open_with(settings, workspace, TRY(state_keys()));
}

Result<state::Backend> Session::open_source(const language::BackendSettings& settings, const std::string& workspace) {
  auto keys = TRY(state_keys());
  if (!keys) return open_with(settings, workspace, nullptr);
  auto kept = *keys;
  kept.plain = state::StateKeys::Plain::kept;
  return open_with(settings, workspace, std::make_shared<const state::StateKeys>(std::move(kept)));
}

Result<state::Backend> Session::open_backend(const std::string& workspace) {
  return open_backend(*TRY(backend_settings()), workspace);
}

Result<> Session::prepare_backend() {
  const auto opened = TRY(open_backend(k_default_workspace));
  return opened.prepare ? opened.prepare(context()) : Result<>();
}

std::optional<std::string> Session::workspace_of_environment() const {
  auto chosen = m_world.environment.variable("TRUNKFORM_WORKSPACE");
  return chosen && !chosen->empty() ? chosen : std::nullopt;
}

Result<std::string> Session::chosen_workspace() {
  if (const auto chosen = workspace_of_environment()) {
    if (auto possible = state::check_workspace_name(*chosen); !possible)
      return usage_error(
                 fmt::format("TRUNKFORM_WORKSPACE={} is no name of a workspace", views::escape_foreign(*chosen)),
                 possible.error().detail)
          .hint("see which there are: TRUNKFORM_WORKSPACE= trunkform workspace list")
          .hint("then correct the environment variable, or unset it: the selected workspace counts then");
    return *chosen;
  }
  const auto folder = TRY(backend_settings())->type == "local" ? TRY(state_folder()) : m_world.folder;
  return state::selected_workspace(m_world.files, folder);
}

Result<std::string> Session::workspace() {
  if (m_workspace) return *m_workspace;
  auto name = TRY(chosen_workspace());
  // `default` is always there: for it no backend is asked.
  if (name != k_default_workspace && m_new_workspace != NewWorkspace::allowed)
    TRY(require_workspace(
        name, workspace_of_environment() ? "TRUNKFORM_WORKSPACE names it" : "it was selected here, and is gone since"));
  return m_workspace.emplace(std::move(name));
}

Result<state::Backend*> Session::backend() {
  if (!m_backend) {
    m_backend = TRY(open_backend(TRY(workspace())));
    if (m_world.decorators.backend) m_world.decorators.backend(*m_backend);
  }
  return &*m_backend;
}

void Session::read_state_ahead() {
  if (auto opened = backend())
    m_state_ahead = std::async(std::launch::async,
                               [context = context(), store = (*opened)->store.get(), log = (*opened)->log.get(),
                                lock = lock_of_others()] { return engine::read_state(context, *store, *log, lock); });
}

Result<engine::ReadState> Session::read_state() {
  if (m_state_ahead.valid()) return m_state_ahead.get();
  auto* opened = TRY(backend());
  return engine::read_state(context(), *opened->store, *opened->log, lock_of_others());
}

Result<std::map<TrunkId, TrunkOwner>> Session::owned_elsewhere(const Organisation& organisation) {
  std::map<TrunkId, TrunkOwner> owners;
  const auto own = TRY(workspace());
  for (const auto& name : TRY(TRY(backend())->workspaces->list(context()))) {
    if (name == own) continue;
    const auto other = TRY(open_backend(name));
    const auto snapshot = TRY(other.store->load(context()));
    if (!snapshot || !snapshot->document.organisation ||
        !diff::is_organisation_of(*snapshot->document.organisation, organisation))
      continue;
    for (const auto& [address, record] : snapshot->document.resources)
      owners.emplace(record.trunk_id, TrunkOwner{address, name});
  }
  return owners;
}

Result<const engine::Trust*> Session::trust() {
  if (!m_trust) m_trust = TRY(engine::Trust::load(m_world.files, m_world.environment, m_world.folder));
  return &*m_trust;
}

}  // namespace trunkform::cli
