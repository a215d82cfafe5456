#pragma once
// The lock: a key that ends with a lease. Whoever has it is known by the revision at which the key was made: no later
// holder's key has the same, and each write names it. Thread-safe.
#include <mutex>
#include <optional>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/key_value_store.hpp"
#include "schemas/ports/lock.hpp"

namespace trunkform::state::etcd {

class LeaseLock {
 public:
  /// `store` and `clock` are borrowed.
  LeaseLock(KeyValueStore& store, Clock& clock, std::string key, Duration time_to_live)
      : m_store(store), m_clock(clock), m_key(std::move(key)), m_time_to_live(time_to_live) {}

  /// Done where it is taken under this id already. Errors: lock_held, outcome_unknown.
  Result<> take(const Context& context, const LockInfo& info);
  /// Error: fenced.
  Result<> renew(const Context& context, const std::string& id);
  /// `also` goes with it, in one step. Error: fenced.
  Result<> give_back(const Context& context, const std::string& id, std::optional<KeyChange> also = {});
  Result<std::optional<LockInfo>> holder(const Context& context);
  /// Errors: not_found, conflict.
  Result<> break_lock(const Context& context, const std::string& id);

  /// What holds as long as the lock is this one's. Error: fenced, where it is not known to be.
  Result<KeyCondition> condition(const Context& context, const std::string& id);
  /// Why a step under that condition was not done. No error: the lock is still this one's.
  Result<> check(const Context& context, const std::string& id);

 private:
  KeyValueStore& m_store;
  Clock& m_clock;
  const std::string m_key;
  const Duration m_time_to_live;

  struct Held {
    std::string id;
    Revision created = 0;
    LeaseId lease = 0;
  };
  struct Seen {
    LockInfo info;
    Held held;
  };
  std::mutex m_mutex;
  std::optional<Held> m_held;  ///< guarded by `m_mutex`

  Result<std::optional<Seen>> look(const Context& context);
  Result<Held> held(const Context& context, const std::string& id);
  void keep(std::optional<Held> held);
};

}  // namespace trunkform::state::etcd
