#pragma once
// What a backend gives for one workspace of a state. Where a backend cannot keep a port's promise the port is null, and
// its capabilities say so.
#include <functional>
#include <memory>
#include <string>

#include "schemas/ports/alert_memory.hpp"
#include "schemas/ports/event_log.hpp"
#include "schemas/ports/lock.hpp"
#include "schemas/ports/ownership.hpp"
#include "schemas/ports/pacing.hpp"
#include "schemas/ports/state_store.hpp"
#include "schemas/ports/state_versions.hpp"
#include "schemas/ports/workspaces.hpp"
#include "state/sealing/seal.hpp"

namespace trunkform::state {

struct Backend {
  /// `PostgreSQL db.example.com/ops, schema trunkform, workspace default`; empty: files, which have names of their own.
  std::string place;
  /// Makes what the state needs and is not there yet, and sees that the backend does what it promises: a condition that
  /// does not hold keeps a write from happening, a lock keeps others out. Null: there is nothing to make.
  std::function<Result<>(const Context&)> prepare;
  /// The time by the engine's own clock, which locks and paces run by. Null: it is this machine's.
  std::function<Result<Instant>(const Context&)> now;
  /// Whether asking for the lock's holder only looks. False: it keeps others out for a moment.
  bool tells_holder = true;
  /// What the ports below write and read goes through it. Never null.
  std::shared_ptr<Seal> seal;
  /// Writes what lies beside document and log anew, under the seal's present key. For who holds the lock.
  std::function<Result<>(const Context&)> reseal;
  std::unique_ptr<StateStore> store;
  std::unique_ptr<EventLog> log;
  std::unique_ptr<Lock> lock;
  std::unique_ptr<Workspaces> workspaces;
  std::unique_ptr<Ownership> ownership;
  std::unique_ptr<Pacing> pacing;
  std::unique_ptr<AlertMemory> alerts;
  std::unique_ptr<StateVersions> versions;
};

}  // namespace trunkform::state
