#pragma once
// Ownership over one file beside the states of a folder, under a lock of its own that is held for an instant: it sees
// the states of its folder and no others. Thread-safe, also among processes. docs/formats/owners.md.
#include <memory>

#include "schemas/codec/claims_codec.hpp"
#include "schemas/ports/ownership.hpp"
#include "schemas/ports/workspaces.hpp"
#include "state/backends/local/folder.hpp"

namespace trunkform::state {

class LocalOwnership final : public Ownership {
 public:
  /// `folder`: of all workspaces, which are `workspaces`; `shared`: of `workspace`, whose claims these are.
  LocalOwnership(std::shared_ptr<LocalFolder> shared, Path folder, std::string workspace,
                 std::unique_ptr<Workspaces> workspaces);
  Result<std::vector<Claim>> claim(const Context& context, const Fence& fence,
                                   std::span<const TrunkKey> trunks) override;
  Result<> keep_only(const Context& context, const Fence& fence, std::span<const TrunkKey> trunks) override;

 private:
  std::shared_ptr<LocalFolder> m_shared;
  const Path m_folder;
  const std::string m_workspace;
  const std::unique_ptr<Workspaces> m_workspaces;

  Result<> check_fence(const Fence& fence) const;
};

/// Of a workspace that is being deleted: one that is made later by that name begins with nothing. Errors: corrupt, io,
/// lock_held.
Result<> give_up_claims(FileSystem& files, Clock& clock, const Context& context, const Path& folder,
                        const std::string& workspace, Seal& seal);

}  // namespace trunkform::state
