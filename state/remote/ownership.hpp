#pragma once
// Claims over an engine.
#include "schemas/ports/ownership.hpp"
#include "state/remote/epoch.hpp"
#include "state/remote/ports.hpp"

namespace trunkform::state {

class RemoteOwnership final : public Ownership {
 public:
  RemoteOwnership(std::shared_ptr<RemoteState> state, std::string workspace)
      : m_state(std::move(state)), m_workspace(std::move(workspace)) {}
  Result<std::vector<Claim>> claim(const Context& context, const Fence& fence,
                                   std::span<const TrunkKey> trunks) override;
  Result<> keep_only(const Context& context, const Fence& fence, std::span<const TrunkKey> trunks) override;

 private:
  std::shared_ptr<RemoteState> m_state;
  const std::string m_workspace;

  Result<> check_fence(const Context& context, const Fence& fence) const;
};

/// Whatever `workspace` has, it has no more.
Result<> give_up_claims(const Context& context, Engine& engine, Clock& clock, Random& random,
                        const std::string& workspace);

}  // namespace trunkform::state
