#pragma once
// Records, events and a local backend over a simulated disk: what the tests of this room share.
#include <memory>
#include <stdexcept>
#include <string>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/random.hpp"
#include "state/backends/local/local.hpp"

namespace trunkform::testing {

Address address_of(const std::string& name);
/// A one-certificate chain; the same `name` is the same identity.
ChainPtr chain_named(const std::string& name);
ResourceRecord record_of(const std::string& name, const std::string& chain, const std::string& trunk = "");
Event event_of(Sequence sequence, EventBody body);
Intent intent_of(const std::string& name, const std::string& chain);
Outcome committed(const std::string& name, const std::string& chain);
Instant at(int seconds);

/// The chain that `name` is recorded with; empty where there is none.
Identity identity_in(const StateDocument& document, const std::string& name);

/// One process's view of a disk that outlives it.
struct Process {
  explicit Process(FileSystem& files, std::uint64_t seed = 1);
  Lease acquire(const std::string& id = "lock-1") const;
  Result<Sequence> append(const Lease& lease, std::vector<EventBody> bodies) const;
  /// Intent and outcome of each chain, then one commit, then the lock given back.
  Result<StateToken> apply(const std::vector<std::pair<std::string, std::string>>& changes,
                           const std::string& id = "lock-1");

  platform::SimulatedClock clock;
  platform::SeededRandom random;
  state::Backend backend;
  Context context;
};

inline const Path k_folder = "/state";
inline const Path k_state = k_folder / "trunkform.state.json";
inline const Path k_events = k_folder / "trunkform.state.events";
inline const Path k_backup = k_folder / "trunkform.state.backup";
inline const Path k_lock = k_folder / ".trunkform.lock";
inline const Path k_lock_info = k_folder / ".trunkform.lock.info";

LockInfo lock_info(const std::string& id);
StateDocument numbered_document(std::uint64_t serial, std::string lineage = "5b0ad1c4-7e0c-4c8e-9a53-0a1f6d0c2b11");

/// The first block of that language in a page of docs/formats; tests run in the source folder. Throws where there is
/// none.
std::string example_of(const std::string& page, const std::string& language = "json");

/// The code of a failure; a success where a failure is expected throws.
ErrorCode code_of(const auto& result) {
  if (result) throw std::logic_error("expected a failure");
  return result.error().code;
}

}  // namespace trunkform::testing
