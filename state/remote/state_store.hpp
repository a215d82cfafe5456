#pragma once
// The document over an engine.
#include "schemas/ports/state_store.hpp"
#include "state/remote/epoch.hpp"

namespace trunkform::state {

class RemoteStateStore final : public StateStore {
 public:
  explicit RemoteStateStore(std::shared_ptr<RemoteState> state) : m_state(std::move(state)) {}
  BackendCapabilities capabilities() const override { return m_state->engine->capabilities(); }
  Result<std::optional<Snapshot>> load(const Context& context) override;
  Result<StateToken> commit(const Context& context, const Fence& fence, const StateToken& token,
                            const StateDelta& delta) override;
  Result<StateToken> replace(const Context& context, const Fence& fence, const StateToken& token,
                             const StateDocument& document) override;

 private:
  std::shared_ptr<RemoteState> m_state;
  std::string m_new_lineage;  ///< for a state that has none yet; guarded by the state's mutex

  Result<StateDocument> folded(const Context& context, const StateDelta& delta) const;
  Result<StateToken> write(const Context& context, StateDocument next);
};

}  // namespace trunkform::state
