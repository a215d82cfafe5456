#pragma once
// The trust file: what the operator allows (docs/security.md). Configuration may come from a stranger's pull request;
// it never chooses where credentials and keys go or which secrets are read.
#include <string>
#include <vector>

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
  Result<> allow_file_secret(const Path& path) const;

  const std::vector<TrustedHost>& hosts() const { return m_hosts; }
  const std::vector<TrustedSecret>& secrets() const { return m_secrets; }
  const Path& path() const { return m_path; }

  /// Adds a line and saves. `path` is where `load` would look, and refused where `load` would. Idempotent.
  static Result<> add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedHost& host);
  static Result<> add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedSecret& secret);
  static const std::vector<std::string>& credential_kinds();
  static Result<> remove(FileSystem& files, const Path& path, const std::string& what);
  static Path location(const ProcessEnvironment& environment);

 private:
  Path m_path;
  std::vector<TrustedHost> m_hosts;
  std::vector<TrustedSecret> m_secrets;
  bool m_loopback = false;
};

/// Scheme, host and port of an absolute http or https URL; nullopt for anything else (user information included).
struct UrlParts {
  std::string scheme, host;
  int port = 443;
};
std::optional<UrlParts> split_url(const std::string& url);
bool is_loopback(const std::string& host);

/// Genesys Cloud's own hosts: `api.` and `login.` of the domains that docs/configuration.md lists.
bool is_genesys_host(const std::string& host);

}  // namespace trunkform::engine
