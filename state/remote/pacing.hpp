#pragma once
// Places of carriers over an engine. They are kept in the engine's time, which all who share it have; a caller, who
// waits by its own clock, is told them in that.
#include "schemas/ports/pacing.hpp"
#include "state/remote/epoch.hpp"

namespace trunkform::state {

class RemotePacing final : public Pacing {
 public:
  /// `workspace`: the state whose runs these are.
  RemotePacing(std::shared_ptr<RemoteState> state, std::string workspace)
      : m_state(std::move(state)), m_workspace(std::move(workspace)) {}
  Result<std::optional<PaceWait>> busy_until(const Context& context, const CarrierKey& carrier,
                                             std::size_t places) override;
  Result<Place> take(const Context& context, const CarrierKey& carrier, std::size_t places, Duration hold,
                     Duration rest) override;
  Result<> keep(const Context& context, Place& place, Duration hold) override;
  Result<> leave(const Context& context, const Place& place, Duration rest) override;
  Result<> leave_what_died(const Context& context) override;

 private:
  std::shared_ptr<RemoteState> m_state;
  const std::string m_workspace;

  /// The engine's now, and how far this machine's is from it.
  struct Times {
    Instant now{};
    Duration to_ours{};
  };
  Result<Times> times(const Context& context) const;
};

}  // namespace trunkform::state
