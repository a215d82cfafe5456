#pragma once
// StateStore over one file with a backup beside it. Thread-safe.
#include <memory>

#include "schemas/ports/state_store.hpp"
#include "state/backends/local/folder.hpp"

namespace trunkform::state {

class LocalStateStore final : public StateStore {
 public:
  explicit LocalStateStore(std::shared_ptr<LocalFolder> folder) : m_folder(std::move(folder)) {}
  BackendCapabilities capabilities() const override;
  Result<std::optional<Snapshot>> load(const Context& context) override;
  /// Events up to `delta.folded_through` (unset: all) are folded in first, so that what an interrupted run recorded is
  /// kept also when `delta` does not know of it.
  Result<StateToken> commit(const Context& context, const Fence& fence, const StateToken& token,
                            const StateDelta& delta) override;
  /// Takes the place of everything recorded so far; intents without outcome stay open.
  Result<StateToken> replace(const Context& context, const Fence& fence, const StateToken& token,
                             const StateDocument& document) override;

 private:
  /// The document of its file with the events that the delta reaches.
  Result<StateDocument> folded(StateDocument document, const StateDelta& delta) const;
  enum class Kept { as_backup, as_damaged };
  /// `before`: what the file held, to be kept beside it.
  Result<> write(const Fence& fence, const StateDocument& document, std::optional<std::string> before, Kept kept);
  Error keep_beside(const std::string& bytes, Error cause);

  std::shared_ptr<LocalFolder> m_folder;
  std::string m_new_lineage;  ///< of a state that is not written yet; guarded by the folder's mutex
};

}  // namespace trunkform::state
