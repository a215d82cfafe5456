#include "state/remote/ownership.hpp"

#include "state/document/claims.hpp"
#include "state/remote/shared_text.hpp"

namespace trunkform::state {
namespace {

/// Unlike a pace, a claim that cannot be read is not given up: it keeps two states apart.
Result<ClaimBook> book_in(const Engine& engine, const std::optional<std::string>& text) {
  if (!text) return ClaimBook{};
  auto book = decode_claims(*text);
  if (book) return book;
  return Error(book.error().code, "what says who binds which trunk cannot be read, in " + engine.place())
      .because(std::move(book.error()))
      .hint(
          "restore it from the engine's own backup; or, while no run of any workspace is under way, remove it: each "
          "workspace's next apply claims anew");
}

Result<> leave_with(const Context& context, Engine& engine, Clock& clock, Random& random, const std::string& workspace,
                    std::span<const TrunkKey> trunks) {
  return change_shared(
      context, engine, clock, random, Shared::owners,
      [&](const std::optional<std::string>& text) -> Result<std::optional<std::string>> {
        if (!text) return std::optional<std::string>();
        return std::optional(encode_claims(state::keep_only(TRY(book_in(engine, text)), workspace, trunks)));
      });
}

}  // namespace

Result<> RemoteOwnership::check_fence(const Context& context, const Fence& fence) const {
  const std::scoped_lock guard(m_state->mutex);
  return m_state->check_fence(context, fence);
}

Result<std::vector<Claim>> RemoteOwnership::claim(const Context& context, const Fence& fence,
                                                  std::span<const TrunkKey> trunks) {
  std::vector<Claim> refused;
  if (trunks.empty()) return refused;
  TRY(check_fence(context, fence));
  auto& engine = *m_state->engine;
  const auto names = TRY(engine.workspaces(context));
  std::set<std::string> owners(names.begin(), names.end());
  owners.emplace(k_default_workspace);
  TRY(change_shared(context, engine, m_state->clock, m_state->random, Shared::owners,
                    [&](const std::optional<std::string>& text) -> Result<std::optional<std::string>> {
                      auto claiming = state::claim(TRY(book_in(engine, text)), m_workspace, trunks, owners);
                      refused = std::move(claiming.refused);
                      return std::optional(encode_claims(claiming.book));
                    }));
  return refused;
}

Result<> RemoteOwnership::keep_only(const Context& context, const Fence& fence, std::span<const TrunkKey> trunks) {
  TRY(check_fence(context, fence));
  return leave_with(context, *m_state->engine, m_state->clock, m_state->random, m_workspace, trunks);
}

Result<> give_up_claims(const Context& context, Engine& engine, Clock& clock, Random& random,
                        const std::string& workspace) {
  return leave_with(context, engine, clock, random, workspace, {});
}

}  // namespace trunkform::state
