#pragma once
// A container in memory, as Azure's are: each write has an ETag of its own, leases run out by the container's clock.
// Thread-safe.
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "schemas/ports/blob_store.hpp"

namespace trunkform::testing {

/// What is between a store and who asks it.
struct MemoryContainer {
  enum class Conditions { kept, passed_over };
  enum class Answer { comes, lost_before_the_write, lost_after_the_write, sent_twice };
  struct Blob {
    std::string bytes;
    BlobNotes notes;
    std::uint64_t etag = 0;
    std::uint64_t appends = 0;
    std::string lease{};
    Instant lease_ends{};
  };

  Conditions conditions = Conditions::kept;
  std::mutex mutex;
  std::map<std::string, Blob> blobs;
  std::uint64_t writes = 0;
  std::deque<Answer> answers;  ///< to the next writes; of leases and notes none is lost: they are asked for again
  Instant now{};
};

/// `container` is borrowed.
std::shared_ptr<BlobStore> open_memory_container(MemoryContainer& container);

}  // namespace trunkform::testing
