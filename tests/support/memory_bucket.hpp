#pragma once
// A bucket in memory, as S3 is: an ETag is a hash of the bytes, a list comes in the order of keys. Thread-safe.
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "schemas/ports/object_store.hpp"

namespace trunkform::testing {

/// What is between a store and who asks it.
struct MemoryBucket {
  enum class Conditions { kept, passed_over };
  /// `remembered`: what was once removed cannot be created again, as behind a delete marker of some servers.
  enum class Removals { forgotten, remembered };
  enum class Answer { lost_before_the_write, lost_after_the_write, sent_twice };

  Conditions conditions = Conditions::kept;
  Removals removals = Removals::forgotten;
  std::mutex mutex;
  std::map<std::string, std::string> objects;
  struct Form {
    std::string bytes;
    Instant written{};
    bool is_removal = false;
  };
  std::map<std::string, std::vector<Form>> versions;  ///< the oldest first; their ids are `v0`, `v1` …
  std::set<std::string> removed;
  std::deque<Answer> answers;  ///< to the next writes
  Instant now{};
};

/// `bucket` is borrowed.
std::shared_ptr<ObjectStore> open_memory_bucket(MemoryBucket& bucket);

}  // namespace trunkform::testing
