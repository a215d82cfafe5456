#pragma once
// The port over an engine that keeps earlier forms of its document.
#include <memory>

#include "schemas/ports/state_versions.hpp"
#include "state/remote/epoch.hpp"

namespace trunkform::state {

class RemoteStateVersions final : public StateVersions {
 public:
  explicit RemoteStateVersions(std::shared_ptr<RemoteState> shared) : m_shared(std::move(shared)) {}

  Result<std::vector<StateVersion>> list(const Context& context, std::size_t most) override;
  Result<StateDocument> read(const Context& context, const std::string& id) override;

 private:
  std::shared_ptr<RemoteState> m_shared;
};

}  // namespace trunkform::state
