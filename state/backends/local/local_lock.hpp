#pragma once
// Lock over a lock of the operating system: it dies with its process, so a lock is never stale; lock info that nobody
// holds is only a note. Thread-safe.
#include <memory>

#include "schemas/ports/lock.hpp"
#include "state/backends/local/folder.hpp"

namespace trunkform::state {

class LocalLock final : public Lock {
 public:
  explicit LocalLock(std::shared_ptr<LocalFolder> folder) : m_folder(std::move(folder)) {}
  /// Cuts a torn last line off the event log and opens an epoch there: its number is that of its event.
  Result<Lease> acquire(const Context& context, const LockInfo& info) override;
  Result<> release(const Context& context, Lease lease) override;
  Result<std::optional<LockInfo>> holder(const Context& context) override;
  Result<> break_lock(const Context& context, const std::string& lock_id) override;

 private:
  Result<std::unique_ptr<FileLock>> lock_file(const Context& context);
  Result<std::optional<LockInfo>> read_info();
  Error held_by_another(Error cause);
  Result<> open_epoch(HeldLock& held);

  std::shared_ptr<LocalFolder> m_folder;
};

}  // namespace trunkform::state
