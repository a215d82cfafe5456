#pragma once
// Keys with values in memory, as etcd has them: revisions, conditions, leases that run out by a clock that stands still
// until it is told, and the limits of one step. Thread-safe.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "schemas/ports/key_value_store.hpp"

namespace trunkform::testing {

/// What is between a store and who asks it.
struct MemoryKeyValues {
  enum class Answer { comes, lost_before_the_write, lost_after_the_write };
  struct Lease {
    Instant ends{};
    Duration time_to_live{};
  };

  std::mutex mutex;
  std::map<std::string, KeyValue> keys;
  std::map<LeaseId, Lease> leases;
  LeaseId last_lease = 1000;  ///< a number is never given twice, also where its lease has ended
  Revision revision = 1;
  std::deque<Answer> answers;  ///< to the next transactions
  int forgets = 0;             ///< so many times a moment that a page names is not known any more
  Instant now{};
  std::size_t most_changes = 128;
  std::size_t most_bytes = 1'500'000;
  std::size_t transactions = 0;  ///< that were asked for
};

/// `values` is borrowed.
std::shared_ptr<KeyValueStore> open_memory_keys(MemoryKeyValues& values);

}  // namespace trunkform::testing
