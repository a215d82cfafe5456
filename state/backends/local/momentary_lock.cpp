#include "state/backends/local/momentary_lock.hpp"

namespace trunkform::state {
namespace {

constexpr int k_write_attempts = 500;
constexpr Duration k_between_writes = std::chrono::milliseconds(10);

}  // namespace

Result<std::unique_ptr<FileLock>> lock_for_a_moment(FileSystem& files, Clock& clock, const Context& context,
                                                    const Path& lock) {
  TRY(files.create_directories(lock.parent_path()));
  for (int attempt = 1;; ++attempt) {
    auto held = files.lock(lock);
    if (held || held.error().code != ErrorCode::lock_held || attempt == k_write_attempts) return held;
    TRY(clock.sleep(context, k_between_writes));
  }
}

}  // namespace trunkform::state
