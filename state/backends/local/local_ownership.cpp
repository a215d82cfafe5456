#include "state/backends/local/local_ownership.hpp"

#include "schemas/model/shell_word.hpp"
#include "state/backends/local/momentary_lock.hpp"
#include "state/document/claims.hpp"

namespace trunkform::state {
namespace {

constexpr std::size_t k_most_owners_bytes = 64U << 20;

/// Unlike a pace, a claim that cannot be read is not given up: it keeps two states apart.
Result<ClaimBook> read_claims(FileSystem& files, const Path& folder, Seal& seal) {
  const auto path = owners_path(folder);
  const auto bytes = files.read(path, k_most_owners_bytes);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return ClaimBook{};
  if (!bytes) return bytes.error();
  const auto text = seal.open_text(k_owners_text, *bytes);
  if (!text && text.error().code != ErrorCode::corrupt) return text.error();
  auto book = text ? decode_claims(*text) : Result<ClaimBook>(text.error());
  if (book) return book;
  return Error(book.error().code, path.string() + " cannot be read: who binds which trunk is not known")
      .because(std::move(book.error()))
      .hint("while no run of any workspace is under way, it may be removed: each workspace's next apply claims anew")
      .hint("rm " + shell_word(path.string()));
}

Result<> write_claims(FileSystem& files, const Path& folder, const ClaimBook& book, Seal& seal) {
  return files.replace(owners_path(folder), TRY(seal.seal_text(k_owners_text, encode_claims(book))));
}

/// Leaves `owner` with `trunks` and nothing else.
Result<> leave_with(FileSystem& files, Clock& clock, const Context& context, const Path& folder,
                    const std::string& owner, std::span<const TrunkKey> trunks, Seal& seal) {
  const auto held = TRY(lock_for_a_moment(files, clock, context, owners_lock_path(folder)));
  const auto before = TRY(read_claims(files, folder, seal));
  const auto after = state::keep_only(before, owner, trunks);
  return after == before ? Result<>() : write_claims(files, folder, after, seal);
}

}  // namespace

Result<> give_up_claims(FileSystem& files, Clock& clock, const Context& context, const Path& folder,
                        const std::string& workspace, Seal& seal) {
  if (!TRY(files.exists(owners_path(folder)))) return {};
  return leave_with(files, clock, context, folder, workspace, {}, seal);
}

LocalOwnership::LocalOwnership(std::shared_ptr<LocalFolder> shared, Path folder, std::string workspace,
                               std::unique_ptr<Workspaces> workspaces)
    : m_shared(std::move(shared)),
      m_folder(std::move(folder)),
      m_workspace(std::move(workspace)),
      m_workspaces(std::move(workspaces)) {}

Result<> LocalOwnership::check_fence(const Fence& fence) const {
  const std::scoped_lock guard(m_shared->mutex);
  return m_shared->check_fence(fence);
}

Result<std::vector<Claim>> LocalOwnership::claim(const Context& context, const Fence& fence,
                                                 std::span<const TrunkKey> trunks) {
  if (trunks.empty()) return std::vector<Claim>{};
  TRY(check_fence(fence));
  const auto held = TRY(lock_for_a_moment(m_shared->files, m_shared->clock, context, owners_lock_path(m_folder)));
  const auto before = TRY(read_claims(m_shared->files, m_folder, *m_shared->seal));
  const auto there = TRY(m_workspaces->list(context));
  auto claiming = state::claim(before, m_workspace, trunks, {there.begin(), there.end()});
  if (claiming.book != before) TRY(write_claims(m_shared->files, m_folder, claiming.book, *m_shared->seal));
  return std::move(claiming.refused);
}

Result<> LocalOwnership::keep_only(const Context& context, const Fence& fence, std::span<const TrunkKey> trunks) {
  if (!TRY(m_shared->files.exists(owners_path(m_folder)))) return {};
  TRY(check_fence(fence));
  return leave_with(m_shared->files, m_shared->clock, context, m_folder, m_workspace, trunks, *m_shared->seal);
}

}  // namespace trunkform::state
