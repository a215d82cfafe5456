#pragma once
// The object that says who has a workspace's lock, and which generation of its objects counts. It is written over and
// never removed: where a bucket keeps versions, some servers let nobody create what was once deleted. Thread-safe.
#include <optional>
#include <string>

#include "schemas/ports/lock.hpp"
#include "state/backends/s3/objects.hpp"

namespace trunkform::state::s3 {

struct LockObject {
  std::string generation;
  std::optional<LockInfo> holder{};  ///< none: free
};
std::string encode_lock_object(const LockObject& lock);
/// Error: corrupt.
Result<LockObject> decode_lock_object(std::string_view content);

/// As it was read.
struct SeenLock {
  LockObject lock;
  std::string etag;
};

class LockStore {
 public:
  /// `objects` is borrowed.
  LockStore(Objects& objects, std::string key) : m_objects(objects), m_key(std::move(key)) {}

  /// None: nobody ever had it.
  Result<std::optional<SeenLock>> read(const Context& context);
  /// Where it is still as it was `seen`; what became of a lost answer is found out. Error: conflict.
  Result<SeenLock> write(const Context& context, const std::optional<SeenLock>& seen, LockObject next);
  /// The lock, made free where it is not there yet.
  Result<SeenLock> made(const Context& context);
  /// Writes what `change` makes of it, again and again while others are first. Errors: `change`'s, conflict.
  Result<SeenLock> change(const Context& context,
                          const std::function<Result<LockObject>(const std::optional<SeenLock>&)>& change);

 private:
  Objects& m_objects;
  std::string m_key;
};

}  // namespace trunkform::state::s3
