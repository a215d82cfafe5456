#pragma once
// From the files of a folder to what the engine works with: blocks evaluated, defaults filled in, every mistake found
// at once, each with its place. Pure: no I/O but the FunctionHost's; the same input gives the same output. Thread-safe.
// What may be written: docs/configuration.md, generated from planner/language/configuration/schema.
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "planner/language/expression/scope.hpp"
#include "planner/language/json/parsed_files.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/diagnostic.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/notify_block.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/function_host.hpp"

namespace trunkform::language {

using trunkform::to_string;  // of Duration, which is of std::chrono: ours would hide it

/// A file of the configuration's folder. `name` is what messages show; a `*.trunk` file may be handed in too, so that
/// it is refused with a sentence.
struct SourceFile {
  std::string name;
  std::string bytes;
};

/// Where a secret is, never what it is. Whether it may be read there is the trust file's matter (cmd).
struct Secret {
  enum class Kind { env, file };
  Kind kind = Kind::env;
  std::string name;  ///< of the environment's variable, or the path
  SourceRange source;
};

/// `env:NAME` or `file:PATH`: how a Locator holds a secret.
std::string to_string(const Secret& secret);

struct GenesysProvider {
  /// `https://api.mypurecloud.com`, or `base_url`; without a slash at the end. Empty: the environment names the region.
  std::string api_base;
  /// `https://login.mypurecloud.com`; the token is at `{login_url}/oauth/token`. Empty: as the region has it.
  std::string login_url;
  std::string dialect = "guide";
  std::optional<std::string> client_id;  ///< none: the conventional environment
  std::optional<Secret> client_secret;
  int requests_per_minute = 240;
  int concurrency = 6;
  Duration timeout = std::chrono::seconds(30);
  Duration retry_budget = std::chrono::minutes(5);
  bool configured_by_region = false;  ///< else by `base_url`, which only the operator may trust (cmd judges)
  SourceRange source;
};

/// Vault or OpenBao. What is not said is the environment's: VAULT_ADDR, VAULT_NAMESPACE, VAULT_TOKEN, or BAO_….
struct VaultProvider {
  enum class Method { token, approle, kubernetes, jwt, cert };
  std::string address;                    ///< without a slash at the end; empty: the environment's
  std::optional<std::string> name_space;  ///< none: the environment's
  std::optional<Method> method;           ///< none: no `auth` block, the environment's token
  std::string mount;                      ///< of the method; not of `token`
  std::string role;                       ///< `role`, or `role_id` of approle; of cert it may be empty
  std::optional<Secret> secret;           ///< the token, secret id, JWT, or key of the certificate
  std::optional<Secret> certificate;      ///< of cert
  SourceRange source;
};

/// Microsoft Entra's applications and identities. What is not said is the environment's: AZURE_TENANT_ID,
/// AZURE_CLIENT_ID, and what proves it.
struct AzureProvider {
  enum class Method { client_secret, client_certificate, workload_identity, managed_identity };
  std::string tenant;                ///< empty: the environment's
  std::string client;                ///< empty: the environment's
  std::optional<Method> method;      ///< none: no `auth` block, the environment's chain
  std::optional<Secret> secret;      ///< the client secret, the certificate's file, or the signed token
  std::optional<Secret> passphrase;  ///< of the certificate's file
  SourceRange source;
};

/// AWS. What is not said is the environment's, or that of the shared configuration files.
struct AwsProvider {
  std::string region;    ///< empty: the operator's
  std::string profile;   ///< empty: the operator's
  std::string role_arn;  ///< empty: no role is assumed
  std::string session_name;
  std::string external_id;  ///< empty: none
  SourceRange source;
};

/// What encrypts the keys of a state.
struct StateKeySettings {
  enum class Kind { secret, vault_transit };
  Kind kind = Kind::secret;
  Secret secret;      ///< of `secret`: a passphrase
  std::string mount;  ///< of `vault_transit`
  std::string name;   ///< of `vault_transit`: the key's
  SourceRange source;
};

struct StateEncryption {
  StateKeySettings key;
  std::vector<StateKeySettings> previous;
};

struct BackendSettings {
  std::string type = "local";
  std::map<std::string, std::string> arguments;  ///< `path`: the state's folder
  std::optional<SourceRange> source;             ///< none: no backend block
  std::optional<StateEncryption> encryption{};   ///< none: nothing is encrypted
};

struct EvaluatedOutput {
  std::string name;
  std::string json;  ///< of a sensitive one too: the caller hides it
  std::string type;  ///< as a variable's `type` is written
  std::string description;
  bool sensitive = false;
};

/// Everything evaluated. Bindings stand in the order of their addresses.
struct Configuration {
  BackendSettings backend;
  std::optional<GenesysProvider> genesys;
  std::optional<VaultProvider> vault;
  std::optional<AzureProvider> azure;
  std::optional<AwsProvider> aws;
  std::vector<CertificateDeclaration> certificates;  ///< those that are issued too, by where they are read
  std::vector<IssueRequest> issued;                  ///< by address
  std::vector<Binding> bindings;
  std::vector<NotifyBlock> notify;
  MetricsSettings metrics;
  std::vector<EvaluatedOutput> outputs;
};

/// One value for a variable from outside. Of several for one variable the last counts.
struct VariableInput {
  enum class Form { text, json };  ///< `text`: taken as it is by strings, numbers and bools, else an expression
  enum class Origin { environment, file, flag };
  std::string name;
  std::string text;
  Form form = Form::text;
  Origin origin = Origin::flag;  ///< undeclared: an error for a flag, a warning for a file, nothing for environment
  std::string where;             ///< `-var`, `TRUNKFORM_VAR_region`, `prod.trunkvars.json`
  std::optional<SourceRange> source;  ///< in a file
};

using VariableInputs = std::vector<VariableInput>;

/// `name=value` of `-var`. Error: invalid_input.
Result<VariableInput> parse_variable_flag(std::string_view argument);

/// `TRUNKFORM_VAR_name` and its value; nullopt where the name is not of that form.
std::optional<VariableInput> variable_from_environment(std::string_view name, std::string_view value);

/// A `-var-file` or `*.auto.trunkvars.json`: one object of literal values (never templates).
VariableInputs parse_variable_file(const SourceFile& file, Diagnostics& diagnostics);

struct LoadOptions {
  std::string version = "0.1.0";      ///< what `required_version` is held against
  std::string workspace = "default";  ///< `trunkform.workspace`
  std::optional<Instant> now;         ///< for `plantimestamp` and `timestamp`; none: unknown
  /// Where the same files are loaded more than once, for the backend alone and then whole; null: nothing is kept.
  std::shared_ptr<ParsedFiles> parsed = nullptr;
};

struct Loaded {
  std::optional<Configuration> configuration;       ///< none as soon as there is an error
  Diagnostics diagnostics;                          ///< in the order of files and lines
  std::map<std::string, std::string> file_digests;  ///< what functions read: name → SHA-256 hex
  std::map<std::string, std::string> variables;     ///< not sensitive: name → JSON
  std::vector<std::string> sensitive_variables;     ///< to be given again when a saved plan is applied
  /// What it was evaluated with, of no use any more: to take it apart costs a fifth of the evaluation, and a process
  /// that is about to end need not.
  std::shared_ptr<const void> workings;
};

Loaded load_configuration(std::span<const SourceFile> files, const VariableInputs& variables, FunctionHost& host,
                          const LoadOptions& options);

/// Where the state is kept, for what works on a state alone: mistakes elsewhere in the files do not matter to it.
/// Error: the first mistake in a `trunkform` block, a `required_version` that this is not, or a file that cannot be
/// parsed: it might hold the backend.
Result<BackendSettings> load_backend(std::span<const SourceFile> files, FunctionHost& host, const LoadOptions& options);

struct Validated {
  Diagnostics diagnostics;
  std::vector<NotifyBlock> notify;   ///< those without mistakes that depend on nothing unknown
  std::vector<IssueRequest> issued;  ///< as far as they could be read
};

/// The same checks without values for variables: those that need one are unknown, and what depends on them is accepted
/// as far as can be told.
Validated validate_configuration(std::span<const SourceFile> files, const VariableInputs& variables, FunctionHost& host,
                                 const LoadOptions& options);

/// For `console`: variables, locals and blocks by name. The scope owns what it needs and borrows `host`. There is one
/// even when there are errors; names that could not be evaluated are unknown then.
struct ConsoleScope {
  std::unique_ptr<Scope> scope;
  Diagnostics diagnostics;
};

ConsoleScope open_console(std::span<const SourceFile> files, const VariableInputs& variables, FunctionHost& host,
                          const LoadOptions& options);

}  // namespace trunkform::language
