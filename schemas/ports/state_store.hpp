#pragma once
// Where the state document lives. Writes are compare-and-swap on {lineage, serial} and fenced by the lock's epoch.
// Thread-safe.
#include <optional>
#include <vector>

#include "schemas/model/state.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/lock.hpp"

namespace trunkform {

struct BackendCapabilities {
  bool append = false, fence = false, cas = false, ttl = false, ownership = false, pacing = false, versions = false,
       workspaces = false;
};

/// The document as read, with events after `folded_through` already folded in by the reader (state/document/fold).
struct Snapshot {
  StateDocument document;
  StateToken token;
  /// Events between what the document had folded in and what the log has are missing: the log was removed or cut, and
  /// with it perhaps the intent of an interrupted run.
  bool events_lost = false;
};

/// What a commit changes. The backend writes rows where it has rows, the whole document where it has one file.
struct StateDelta {
  std::vector<ResourceRecord> upserts;
  std::vector<Address> removals;
  std::optional<Organisation> organisation;
  std::optional<std::map<std::string, OutputRecord>> outputs;
  std::optional<std::map<std::string, IssueRecord>> issues;
  std::optional<std::set<Fingerprint>> revoked;
  std::optional<std::map<Address, Replacement>> replacements;
  std::optional<std::uint64_t> folded_through;
};

class StateStore {
 public:
  virtual ~StateStore() = default;
  virtual BackendCapabilities capabilities() const = 0;
  /// None: nothing was ever written here. Errors: corrupt (with how to mend it), denied, io, unsupported (newer
  /// format).
  virtual Result<std::optional<Snapshot>> load(const Context& context) = 0;
  /// Applies `delta` to the document that `token` names and raises the serial. Durable on return. With no state yet,
  /// `token` has serial 0 and the new lineage. Errors: conflict (another wrote), fenced, io.
  virtual Result<StateToken> commit(const Context& context, const Fence& fence, const StateToken& token,
                                    const StateDelta& delta) = 0;
  /// `state push`: the whole document, serial already raised. Same conditions.
  virtual Result<StateToken> replace(const Context& context, const Fence& fence, const StateToken& token,
                                     const StateDocument& document) = 0;
};

}  // namespace trunkform
