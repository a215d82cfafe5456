#include "state/document/claims.hpp"

namespace trunkform::state {

Claiming claim(ClaimBook book, const std::string& own, std::span<const TrunkKey> trunks,
               const std::set<std::string>& owners) {
  Claiming claiming{std::move(book), {}};
  for (const auto& trunk : trunks) {
    auto& owner = claiming.book[trunk];
    // A workspace that was deleted has nothing any more.
    if (owner != own && owners.contains(owner))
      claiming.refused.push_back({trunk, owner});
    else
      owner = own;
  }
  return claiming;
}

ClaimBook keep_only(ClaimBook book, const std::string& own, std::span<const TrunkKey> trunks) {
  const std::set<TrunkKey> kept(trunks.begin(), trunks.end());
  std::erase_if(book, [&](const auto& claim) { return claim.second == own && !kept.contains(claim.first); });
  return book;
}

}  // namespace trunkform::state
