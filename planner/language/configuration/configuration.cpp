#include "planner/language/configuration/configuration.hpp"

#include "planner/language/configuration/loader.hpp"
#include "planner/language/value/json.hpp"

namespace trunkform::language {
namespace {

/// Keeps alive what the scope's values and places came from.
class LoadedScope final : public Scope {
 public:
  LoadedScope(std::span<const SourceFile> files, VariableInputs inputs, FunctionHost& host, const LoadOptions& options)
      : m_files(files.begin(), files.end()),
        m_inputs(std::move(inputs)),
        m_loader(m_files, m_inputs, host, options, Missing::is_error) {
    m_loader.load();
  }
  Result<Resolution> resolve(const Reference& reference) const override { return m_loader.scope().resolve(reference); }
  FunctionHost* host() const override { return m_loader.scope().host(); }
  std::optional<Instant> now() const override { return m_loader.scope().now(); }
  Setting setting() const override { return Setting::console; }
  Diagnostics diagnostics() { return m_loader.diagnostics(); }

 private:
  std::vector<SourceFile> m_files;
  VariableInputs m_inputs;
  Loader m_loader;
};

void take_variables(const Loader& loader, Loaded& loaded) {
  for (const auto& [name, variable] : loader.variables()) {
    if (variable.value.has_sensitive()) {
      loaded.sensitive_variables.push_back(name);
    } else if (variable.value.is_wholly_known()) {
      if (auto json = encode_json(variable.value)) loaded.variables.emplace(name, std::move(*json));
    }
  }
}

}  // namespace

Loaded load_configuration(std::span<const SourceFile> files, const VariableInputs& variables, FunctionHost& host,
                          const LoadOptions& options) {
  const auto loader = std::make_shared<Loader>(files, variables, host, options, Missing::is_error);
  loader->load();
  Loaded loaded;
  loaded.diagnostics = loader->diagnostics();
  take_variables(*loader, loaded);
  loaded.file_digests = host.digests();
  if (!loaded.diagnostics.has_errors()) loaded.configuration = loader->configuration();
  loaded.workings = loader;
  return loaded;
}

Result<BackendSettings> load_backend(std::span<const SourceFile> files, FunctionHost& host,
                                     const LoadOptions& options) {
  const VariableInputs none;
  return Loader(files, none, host, options, Missing::is_unknown).load_backend();
}

Validated validate_configuration(std::span<const SourceFile> files, const VariableInputs& variables, FunctionHost& host,
                                 const LoadOptions& options) {
  Loader loader(files, variables, host, options, Missing::is_unknown);
  loader.load();
  Validated validated;
  validated.diagnostics = loader.diagnostics();
  auto read = loader.configuration();
  validated.notify = std::move(read.notify);
  validated.issued = std::move(read.issued);
  return validated;
}

ConsoleScope open_console(std::span<const SourceFile> files, const VariableInputs& variables, FunctionHost& host,
                          const LoadOptions& options) {
  auto scope = std::make_unique<LoadedScope>(files, variables, host, options);
  ConsoleScope console;
  console.diagnostics = scope->diagnostics();
  console.scope = std::move(scope);
  return console;
}

}  // namespace trunkform::language
