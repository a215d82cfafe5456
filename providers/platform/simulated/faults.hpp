#pragma once
// Which of a run's system calls fails, and how. Calls are numbered from 1 in the order in which they are made, so that
// a test first counts a run without faults and then repeats it with each call failing in each way.
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace trunkform::platform {

enum class Fault {
  io_error,     ///< EIO, nothing done
  no_space,     ///< ENOSPC, nothing done
  interrupted,  ///< EINTR, nothing done; what is called again succeeds
  short_write,  ///< a write takes half; other calls are not touched
  kill,         ///< SimulatedCrash is thrown before the call has effect; a write may have taken half
};

enum class IoStep {
  open,
  read,
  write,
  sync,
  truncate,
  rename,
  unlink,
  make_directory,
  make_link,
  status,
  list,
  read_link,
  lock,
};
std::string to_string(IoStep step);

/// One call of a run, for a test's message.
struct IoSite {
  std::uint64_t number = 0;
  IoStep step = IoStep::open;
  std::string path;
};

/// The process died here. Thrown through everything; only a test catches it.
class SimulatedCrash : public std::exception {
 public:
  explicit SimulatedCrash(IoSite site);
  const char* what() const noexcept override { return m_text.c_str(); }
  const IoSite& site() const { return m_site; }

 private:
  IoSite m_site;
  std::string m_text;
};

/// Thread-safe.
class FaultPlan {
 public:
  void fail_at(std::uint64_t number, Fault fault);
  void clear();
  /// From now on only calls on paths that hold `part` are counted, and fail.
  void count_only(std::string part);
  /// While it is true nothing is counted and nothing fails: a test looks at the disk itself.
  void pause(bool paused);
  /// Counts a call and tells its fault.
  std::optional<Fault> next(IoStep step, const std::string& path);
  std::vector<IoSite> sites() const;

 private:
  mutable std::mutex m_mutex;
  std::map<std::uint64_t, Fault> m_faults;
  std::vector<IoSite> m_sites;
  std::string m_part;
  bool m_paused = false;
};

}  // namespace trunkform::platform
