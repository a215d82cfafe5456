#pragma once
// The trust file: what the operator allows (docs/security.md). Configuration may come from a stranger's pull request;
// it never chooses where credentials and keys go or which secrets are read.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/identity.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/process_environment.hpp"

namespace trunkform::engine {

struct TrustedHost {
  std::string host;
  int port = 443;
  std::vector<std::string> credentials;  ///< kinds: `genesys`, `vault` …
};

/// `env` or `file`: exactly one is set; a trailing `*` of `file` stands for names in that folder.
struct TrustedSecret {
  std::string env;
  std::string file;
};

/// One program with the arguments it may be given.
struct TrustedProgram {
  Path path;
  Fingerprint sha256;
  std::vector<std::string> argv;  ///< all arguments; `*` stands for any one
  std::vector<std::string> env;   ///< variables that it is given
};

/// A place that may be written; a trailing `*` stands for names in that folder.
struct TrustedWrite {
  std::string kind;  ///< `textfile`
  std::string at;
};

/// In which account, region or role a configuration may use the credentials of a run.
struct TrustedScope {
  std::string kind;  ///< one of Trust::scope_kinds
  std::string name;  ///< `eu-central-1`, `arn:aws:iam::123456789012:role/sip`
};

class Trust {
 public:
  /// Nothing is allowed but what environment and vendor names allow by themselves.
  Trust() = default;

  /// Reads the operator's file: TRUNKFORM_TRUST_FILE, else `trunkform/trust.json` in the user's configuration folder
  /// (none there: nothing is trusted). Errors: untrusted for a file that others may write, or one beneath
  /// `work_folder` or elsewhere in its git work tree; corrupt with the place.
  static Result<Trust> load(FileSystem& files, ProcessEnvironment& environment, const Path& work_folder);

  /// Whether a credential of `kind` may go to `url`: https to a vendor's own name, to an address that the operator gave
  /// by environment or flag, or to a `hosts` line; loopback only with a line or TRUNKFORM_TRUST_LOOPBACK=1, and only
  /// there plain http. Error: untrusted, with the command that would allow it.
  Result<> allow_host(const std::string& url, const std::string& kind) const;
  Result<> allow_environment_secret(const std::string& name) const;
  /// Where a link in the work folder or its git work tree leads `path` out of there, what it leads to needs a line too.
  Result<> allow_file_secret(const Path& path) const;

  /// The line that allows this program with exactly these arguments. `line`: what the command that would allow it says
  /// instead of them, where they are others each time (`*`); empty: they themselves.
  Result<const TrustedProgram*> allow_program(const std::vector<std::string>& command,
                                              const std::vector<std::string>& line = {}) const;
  /// Whether what is of `kind` may be written to `place`: an absolute path without links left in it, or what a store
  /// calls its place. Error: untrusted, with the command that would allow it.
  Result<> allow_write(const std::string& kind, const Path& place) const;
  /// Whether the configuration may choose this scope for the operator's credentials. Error: untrusted, with the command
  /// that would allow it; `chosen` says what chose it: `provider.aws has region "eu-west-1"`.
  Result<> allow_scope(const std::string& kind, const std::string& name, const std::string& chosen) const;
  /// Whether TRUNKFORM_TRUST_LOOPBACK=1 is set.
  bool trusts_loopback() const { return m_loopback; }

  const std::vector<TrustedHost>& hosts() const { return m_hosts; }
  const std::vector<TrustedSecret>& secrets() const { return m_secrets; }
  const std::vector<TrustedProgram>& programs() const { return m_programs; }
  const std::vector<TrustedWrite>& writes() const { return m_writes; }
  const std::vector<TrustedScope>& scopes() const { return m_scopes; }
  const Path& path() const { return m_path; }

  /// Adds a line and saves. `path` is where `load` would look, and refused where `load` would. Idempotent.
  static Result<> add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedHost& host);
  static Result<> add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedSecret& secret);
  /// In the very place of what was there for the same path and arguments, which is returned: of lines that fit a
  /// command the first counts.
  static Result<std::optional<TrustedProgram>> add(FileSystem& files, const Path& path, const Path& work_folder,
                                                   const TrustedProgram& program);
  static Result<> add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedWrite& write);
  static Result<> add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedScope& scope);
  /// What a `scopes` line can be about.
  static const std::vector<std::string>& scope_kinds();
  /// What a `write` line can be of, and whether its place is a path of this machine.
  struct WriteKind {
    std::string_view name;
    bool is_path = false;
  };
  static const std::vector<WriteKind>& write_kinds();
  /// What a `hosts` line can be for.
  static const std::vector<std::string>& credential_kinds();
  static Result<> remove(FileSystem& files, const Path& path, const std::string& what);
  static Path location(const ProcessEnvironment& environment);

 private:
  bool names_file_secret(const Path& path) const;

  Path m_path;
  std::vector<TrustedHost> m_hosts;
  std::vector<TrustedSecret> m_secrets;
  std::vector<TrustedProgram> m_programs;
  std::vector<TrustedWrite> m_writes;
  std::vector<TrustedScope> m_scopes;
  std::optional<Path> m_authored;  ///< what a pull request may change: the work folder, or its git work tree
  bool m_loopback = false;
};

/// The command that adds a line for `program` as it is now: as a shell takes it.
std::string command_to_trust(const TrustedProgram& program);

/// Where a path really leads, absolute and with all links resolved as far as it exists.
Path without_links(const Path& path);
bool lies_beneath(const Path& path, const Path& folder);

/// Shells, and whatever else runs what its arguments say: trusting one would be trusting everything.
bool is_interpreter(const Path& path);

/// Genesys Cloud's own hosts: `api.` and `login.` of the domains that docs/configuration.md lists.
bool is_genesys_host(const std::string& host);

}  // namespace trunkform::engine
