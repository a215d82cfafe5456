#pragma once
// The lock over an engine: taking it opens an epoch, holding it renews it.
#include "schemas/ports/lock.hpp"
#include "state/remote/epoch.hpp"

namespace trunkform::state {

class RemoteLock final : public Lock {
 public:
  explicit RemoteLock(std::shared_ptr<RemoteState> state) : m_state(std::move(state)) {}
  Result<Lease> acquire(const Context& context, const LockInfo& info) override;
  Result<> release(const Context& context, Lease lease) override;
  Result<std::optional<LockInfo>> holder(const Context& context) override;
  Result<> break_lock(const Context& context, const std::string& lock_id) override;

 private:
  std::shared_ptr<RemoteState> m_state;

  Result<> take(const Context& context, const LockInfo& info);
  Result<> open_epoch(const Context& context, HeldEpoch& held);
};

}  // namespace trunkform::state
