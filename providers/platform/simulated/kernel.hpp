#pragma once
// A kernel in memory: what PosixFileSystem runs over in tests. It tells apart what a process sees from what a power cut
// leaves: a file's bytes are durable after its fsync, a folder's names after the folder's fsync. Thread-safe.
//
// Paths are absolute or relative to `/`. There are regular files, folders and symbolic links; no permissions.
#include <map>
#include <memory>
#include <mutex>

#include "providers/platform/posix/system_calls.hpp"
#include "providers/platform/simulated/faults.hpp"
#include "schemas/ports/clock.hpp"

namespace trunkform::platform {

class SimulatedKernel final : public SystemCalls {
 public:
  SimulatedKernel();
  ~SimulatedKernel() override;
  SimulatedKernel(const SimulatedKernel&) = delete;
  SimulatedKernel& operator=(const SimulatedKernel&) = delete;

  FaultPlan& faults() { return m_faults; }
  /// Modification times come from here; without one they are the epoch. Borrowed.
  void use_clock(const Clock* clock);
  /// A symbolic link, durable at once.
  void make_link(const Path& path, const Path& target);
  void set_mode(const Path& path, unsigned mode, unsigned owner, unsigned group = 1000);

  /// Whether a fault killed the process since it began.
  bool dead() const;
  /// The process is gone and another begins: descriptors and locks are gone, what was written stays.
  void restart();
  /// The machine lost power: what was not made durable is lost. Includes `restart`.
  void power_cut();

  SystemResult<int> open(int folder, const Path& path, int flags, unsigned mode) override;
  SystemResult<int> open_beneath(int folder, const Path& relative) override;
  void close(int descriptor) noexcept override;
  SystemResult<std::size_t> read(int descriptor, char* into, std::size_t size) override;
  SystemResult<bool> wait_readable(int, int) override { return true; }  ///< its files never block
  SystemResult<std::size_t> read_at(int descriptor, char* into, std::size_t size, std::uint64_t offset) override;
  SystemResult<std::size_t> write(int descriptor, const char* from, std::size_t size) override;
  SystemResult<void> sync(int descriptor) override;
  SystemResult<void> sync_data(int descriptor) override;
  SystemResult<void> truncate(int descriptor, std::uint64_t size) override;
  SystemResult<void> rename(int folder, const Path& from, const Path& to) override;
  SystemResult<void> unlink(int folder, const Path& path) override;
  SystemResult<void> make_directory(const Path& path, unsigned mode) override;
  SystemResult<void> remove_directory(int folder, const Path& path) override;
  SystemResult<void> make_link(int folder, const Path& path, const Path& target) override;
  SystemResult<FileStatus> status(const Path& path) override;
  SystemResult<FileStatus> status(int descriptor) override;
  SystemResult<std::vector<std::string>> list(const Path& folder) override;
  SystemResult<Path> read_link(const Path& path) override;
  SystemResult<void> lock(int descriptor) override;
  unsigned user() const override { return 1000; }
  /// Each user's own group has the user's number.
  bool is_private_group(unsigned group, unsigned user) const override { return group == user; }
  std::string group_name(unsigned group) const override { return std::to_string(group); }

 private:
  struct Node;
  struct Opened;
  struct Place;
  enum class Links { follow, keep };
  using NodePtr = std::shared_ptr<Node>;

  /// Counts the call and applies its fault; the half of a torn write is the caller's.
  SystemResult<void> enter(IoStep step, const std::string& path);
  SystemResult<std::optional<Fault>> enter_write(const std::string& path);
  SystemResult<Place> locate(const Path& path, Links links, int depth = 0) const;
  Path absolute(int folder, const Path& path) const;
  Opened* opened(int descriptor);
  Instant now() const;
  FileStatus status_of(const Node& node) const;

  mutable std::mutex m_mutex;
  FaultPlan m_faults;
  NodePtr m_root;
  std::map<int, Opened> m_opened;
  int m_next = 3;
  std::uint64_t m_next_inode = 1;
  bool m_dead = false;
  const Clock* m_clock = nullptr;
};

}  // namespace trunkform::platform
