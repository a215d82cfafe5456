#pragma once
// The lock of one workspace at a state server. Nobody can look who has it: who wants to know asks for it, and gives it
// back where he gets it. Thread-safe.
#include <mutex>
#include <optional>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/lock.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/state_server.hpp"

namespace trunkform::state::http {

class ServerLock {
 public:
  /// All borrowed but the workspace's name.
  ServerLock(StateServer& server, std::string workspace, Clock& clock, Random& random);

  /// Done where it has it under this id. Error: lock_held.
  Result<> take(const Context& context, const LockInfo& info);
  /// What this one has taken, or somebody else, if need be. Error: fenced.
  Result<> give_back(const Context& context, const LockInfo& info);
  /// After a refusal by `take` what that one was told, once. Error: lock_held, where the server does not say who.
  Result<std::optional<LockInfo>> holder(const Context& context);
  /// Whether it refuses a second one while it is taken. Error: unsupported.
  Result<> probe(const Context& context);
  /// A lock's info for something that is done in a moment.
  LockInfo for_a_moment(const std::string& operation) const;

 private:
  StateServer& m_server;
  const std::string m_workspace;
  Clock& m_clock;
  Random& m_random;
  std::mutex m_mutex;
  std::optional<std::string> m_refused_by;  ///< guarded by `m_mutex`
  LockInfo m_taken;                         ///< the last one, guarded by `m_mutex`
};

}  // namespace trunkform::state::http
