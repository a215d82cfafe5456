#pragma once
// The phases of loading, in their order: parse, collect, read bodies, variables, names in the order of their
// references, then what nothing refers to. Private to the room.
#include <memory>
#include <vector>

#include "planner/language/configuration/configuration.hpp"
#include "planner/language/configuration/registry.hpp"
#include "planner/language/configuration/scope.hpp"
#include "planner/language/configuration/variables.hpp"
#include "planner/language/json/parsed_files.hpp"

namespace trunkform::language {

class Loader {
 public:
  Loader(std::span<const SourceFile> files, const VariableInputs& inputs, FunctionHost& host,
         const LoadOptions& options, Missing missing);

  /// All phases. Afterwards the rest may be asked.
  void load();
  /// The backend alone, instead of `load`.
  Result<BackendSettings> load_backend();
  Diagnostics diagnostics();
  Configuration configuration() { return std::move(m_configuration); }
  const std::map<std::string, Variable>& variables() const { return m_variables; }
  const Scope& scope() const { return m_scope; }

 private:
  /// A name that others may refer to.
  struct Name {
    Block block;
    const Body* body = nullptr;  ///< of a block, in `m_bodies`; none for a local
    const Argument* local = nullptr;
    std::string address;  ///< `local.x`, `carrier.a`
  };

  std::span<const SourceFile> m_files;
  const VariableInputs& m_inputs;
  LoadOptions m_options;
  Missing m_missing;
  Problems m_problems;
  Documents m_documents;
  ConfigurationScope m_scope;
  Registry m_registry;
  Configuration m_configuration;
  std::map<std::string, Variable> m_variables;
  std::vector<std::pair<Block, Body>> m_bodies;
  std::vector<Name> m_names;
  bool m_is_readable = true;  ///< every file could be parsed

  void parse_files();
  void read_bodies(const std::vector<Block>& blocks);
  BackendSettings read_backend();
  void declare_refused(const Block& block);
  void read_all_variables();
  void collect_names();
  void add_locals(const Body& body, std::map<std::string, SourceRange>& first);
  void evaluate_names();
  void evaluate_name(const Name& name);
  void evaluate_block(const Name& name);
  void evaluate_notify(const Name& name);
  void report_cycle(const std::vector<std::size_t>& cycle);
  void read_rest();
  void read_output(const Block& block, const Body& body);
};

}  // namespace trunkform::language
