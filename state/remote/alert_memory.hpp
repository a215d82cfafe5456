#pragma once
// Who was told of which alert, over an engine.
#include <functional>
#include <mutex>

#include "schemas/ports/alert_memory.hpp"
#include "state/remote/epoch.hpp"

namespace trunkform::state {

class RemoteAlertMemory final : public AlertMemory {
 public:
  explicit RemoteAlertMemory(std::shared_ptr<RemoteState> state) : m_state(std::move(state)) {}
  Result<std::vector<OpenAlert>> open(const Context& context) override;
  Result<> remember(const Context& context, const OpenAlert& alert) override;
  Result<> forget(const Context& context, const std::string& target, const std::string& dedup_key) override;

 private:
  std::shared_ptr<RemoteState> m_state;
  std::mutex m_turn;

  Result<> change(const Context& context, const std::function<void(std::vector<OpenAlert>&)>& edit);
};

}  // namespace trunkform::state
