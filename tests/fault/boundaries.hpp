#pragma once
// Where a process is killed: the boundaries between its steps into the world, counted and named on a page of memory
// that the process shares with the one that looks on, and a virtual clock on the same page. SIGKILL, so nothing is
// cleaned up, flushed or unlocked by anybody but the operating system. Thread-safe.
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "schemas/ports/clock.hpp"

namespace trunkform::testing {

/// All of it outlives the process that is killed.
struct SharedPage {
  std::atomic<std::int64_t> now{0};      ///< milliseconds since the epoch
  std::atomic<std::uint64_t> passed{0};  ///< boundaries, by the process that runs now
  char step[120] = {};                   ///< that was next when it died

  /// Null where the file cannot be mapped. Never unmapped.
  static SharedPage* map(const std::string& path);
};

/// Nobody waits: who sleeps moves the clock of all.
class SharedClock final : public Clock {
 public:
  explicit SharedClock(SharedPage& page) : m_page(page) {}
  Instant now() const override { return Instant(monotonic()); }
  Duration monotonic() const override { return Duration(m_page.now.load()); }
  Result<> sleep(const Context& context, Duration duration) override;

 private:
  SharedPage& m_page;
};

class Boundaries {
 public:
  /// `dies_at` 0: never.
  Boundaries(SharedPage& page, std::uint64_t dies_at) : m_page(page), m_dies_at(dies_at) {}
  /// Before a step.
  void pass(const std::string& step);
  /// Whether the next boundary is the last: what can be done by halves is done by half before it.
  bool next_is_last() const { return m_page.passed + 1 == m_dies_at; }

  /// What the steps from here on belong to: `reserve of a1`. Empty again at the end.
  class Part {
   public:
    Part(Boundaries& boundaries, const std::string& name);
    ~Part();
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

   private:
    Boundaries& m_boundaries;
  };

 private:
  SharedPage& m_page;
  std::uint64_t m_dies_at;
  std::mutex m_mutex;
  std::string m_part;
};

}  // namespace trunkform::testing
