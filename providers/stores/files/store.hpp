#pragma once
// A folder of this machine: `versions/NUMBER/{chain.pem,key.pem,request}`, a link `live` to the current one, and
// `pending.pem` with a key that is not signed yet. Keys are 0600, each file and the link appear whole or not at all,
// and writers keep each other out by a lock (`.lock`). Within a git work tree it has a `.gitignore` of its own, so that
// no key is committed by mistake (docs/decisions/0365). Thread-safe.
#include "providers/stores/files/versions.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/secret_store.hpp"

namespace trunkform::stores {

class FilesStore final : public SecretStore {
 public:
  /// `folder` is absolute. `keep`: as of FileVersions.
  FilesStore(FileSystem& files, Path folder, std::size_t keep)
      : m_files(files), m_folder(std::move(folder)), m_versions(files, m_folder, keep) {}

  WriteGuarantee guarantee() const override { return WriteGuarantee::compare_and_swap; }
  Result<std::string> place(const Context&) override { return m_folder.string(); }
  Result<std::optional<StoredVersion>> current(const Context& context) override;
  Result<> may_take_keys() override;
  KeyExposures exposures() override;
  /// Whether the folder may be written to, or where it is to be made.
  Checkup examine(const Context& context) override;
  Result<std::optional<StagedKey>> staged(const Context& context) override;
  Result<> stage(const Context& context, const StagedKey& key, const std::optional<std::string>& instead_of) override;
  Result<VersionId> promote(const Context& context, const std::string& request, const KeyPair& pair,
                            const std::optional<VersionId>& expected) override;
  Result<std::vector<std::string>> outnumbered(const Context& context) override;
  Result<> unstage(const Context& context, const std::string& request) override;

 private:
  FileSystem& m_files;
  Path m_folder;
  FileVersions m_versions;

  Result<std::unique_ptr<FileLock>> lock();
  Result<std::optional<StoredVersion>> read_current();
  Result<std::optional<StagedKey>> read_staged();
  Result<> remove_staged(const std::string& request);
  Result<> has_no_versions();
  Result<> live_is_a_link();
  Result<> leads_nowhere_else(const Path& path);
  Result<> keep_out_of_git();
};

}  // namespace trunkform::stores
