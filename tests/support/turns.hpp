#pragma once
// Several processes on one virtual clock: one of them runs at a time, and whoever sleeps hands over to the one that
// wakes first. So runs that overlap come out the same each time. A process keeps to one thread: `-parallelism=1`.
#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "providers/platform/simulated/clock.hpp"

namespace trunkform::testing {

class Turns {
 public:
  /// Borrowed, and used by nobody else meanwhile.
  explicit Turns(platform::SimulatedClock& clock) : m_clock(clock) {}

  /// The processes, each with the time at which it begins; on return all have ended.
  struct Process {
    Duration begins{};
    std::function<void(Clock&)> body;
  };
  void run(const std::vector<Process>& processes) {
    m_wakes.assign(processes.size(), {});
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < processes.size(); ++i) {
      m_wakes[i] = {m_clock.monotonic() + processes[i].begins, 0, false};
      threads.emplace_back([this, i, &body = processes[i].body] {
        wait_for_turn(i);
        Watch watch(*this, i);
        body(watch);
        const std::scoped_lock guard(m_mutex);
        m_wakes[i].ended = true;
        hand_over();
      });
    }
    const std::scoped_lock guard(m_mutex);
    hand_over();
  }

 private:
  struct Wake {
    Duration at{};
    std::size_t slept = 0;  ///< of two that wake at once the one that slept first goes on first
    bool ended = false;
  };
  /// What one process takes for the clock.
  class Watch final : public Clock {
   public:
    Watch(Turns& turns, std::size_t index) : m_turns(turns), m_index(index) {}
    Instant now() const override { return m_turns.m_clock.now(); }
    Duration monotonic() const override { return m_turns.m_clock.monotonic(); }
    Result<> sleep(const Context& context, Duration duration) override {
      if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped while waiting");
      {
        const std::scoped_lock guard(m_turns.m_mutex);
        auto& wake = m_turns.m_wakes[m_index];
        wake.at = monotonic() + std::max(duration, Duration::zero());
        wake.slept = ++m_turns.m_sleeps;
        m_turns.hand_over();
      }
      m_turns.wait_for_turn(m_index);
      return {};
    }

   private:
    Turns& m_turns;
    const std::size_t m_index;
  };

  platform::SimulatedClock& m_clock;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<Wake> m_wakes;
  std::size_t m_turn = SIZE_MAX;
  std::size_t m_sleeps = 0;

  void wait_for_turn(std::size_t index) {
    std::unique_lock guard(m_mutex);
    m_changed.wait(guard, [&] { return m_turn == index; });
  }

  void hand_over() {
    m_turn = SIZE_MAX;
    for (std::size_t i = 0; i < m_wakes.size(); ++i) {
      const auto& wake = m_wakes[i];
      if (wake.ended) continue;
      const auto* best = m_turn == SIZE_MAX ? nullptr : &m_wakes[m_turn];
      if (best == nullptr || std::pair(wake.at, wake.slept) < std::pair(best->at, best->slept)) m_turn = i;
    }
    if (m_turn != SIZE_MAX) m_clock.advance(m_wakes[m_turn].at - m_clock.monotonic());
    m_changed.notify_all();
  }
};

}  // namespace trunkform::testing
