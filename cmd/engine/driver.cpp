#include "cmd/engine/driver.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <thread>

namespace trunkform::engine {
namespace {

/// Worker threads that take steps from one queue and put reports into another. A crew of one does them at once, on the
/// thread that posts them: one step at a time, always in the same order.
class StepCrew {
 public:
  StepCrew(StepRunner& runner, Context context, std::size_t size) : m_runner(runner), m_context(std::move(context)) {
    for (std::size_t i = 0; size > 1 && i < size; ++i) m_threads.emplace_back([this] { work(); });
  }

  ~StepCrew() {
    {
      const std::scoped_lock guard(m_mutex);
      m_closing = true;
    }
    m_todo_changed.notify_all();
  }

  void post(const rollout::Step& step) {
    if (m_threads.empty()) {
      ++m_out;
      m_done.push_back({step, m_runner.run(m_context, step)});
      return;
    }
    {
      const std::scoped_lock guard(m_mutex);
      m_todo.push_back(step);
      ++m_out;
    }
    m_todo_changed.notify_one();
  }

  struct Done {
    rollout::Step step;
    StepRunner::Done done;
  };

  /// What has been done since the last call; waits up to `patience` for something.
  std::vector<Done> collect(std::chrono::milliseconds patience) {
    std::unique_lock guard(m_mutex);
    m_done_changed.wait_for(guard, patience, [&] { return !m_done.empty(); });
    m_out -= m_done.size();
    return std::exchange(m_done, {});
  }

  bool idle() {
    const std::scoped_lock guard(m_mutex);
    return m_out == 0;
  }

 private:
  StepRunner& m_runner;
  Context m_context;
  std::mutex m_mutex;
  std::condition_variable m_todo_changed;
  std::condition_variable m_done_changed;
  std::deque<rollout::Step> m_todo;
  std::vector<Done> m_done;
  std::size_t m_out = 0;
  bool m_closing = false;
  std::vector<std::jthread> m_threads;

  void work() {
    for (;;) {
      rollout::Step step;
      {
        std::unique_lock guard(m_mutex);
        m_todo_changed.wait(guard, [&] { return m_closing || !m_todo.empty(); });
        if (m_todo.empty()) return;
        step = m_todo.front();
        m_todo.pop_front();
      }
      auto done = m_runner.run(m_context, step);
      {
        const std::scoped_lock guard(m_mutex);
        m_done.push_back({step, std::move(done)});
      }
      m_done_changed.notify_one();
    }
  }
};

/// Never so long asleep or waiting that a signal or the live view is late.
constexpr Duration k_tick = std::chrono::milliseconds(200);

Duration until_wake(const rollout::Rollout& machine, const Clock& clock) {
  const auto wake = machine.wakes_at();
  return wake ? std::clamp<Duration>(*wake - clock.now(), Duration::zero(), k_tick) : k_tick;
}

/// Before every decision of the machine, so that what it says is the cause and not an echo of it.
void heed_signals(rollout::Rollout& machine, const DriveOptions& options, Instant now) {
  if (options.lock_lost.stop_requested()) machine.stop("the lock was lost");
  if (options.stop.stop_requested() || options.abandon.stop_requested()) machine.stop("interrupted");
  if (options.deadline && now >= *options.deadline) machine.end_early("the time of this run (-deadline) is over");
}

}  // namespace

void drive(rollout::Rollout& machine, StepRunner& runner, Clock& clock, const DriveOptions& options) {
  Context working;
  working.stop = options.abandon;
  Context resting;
  resting.stop = options.stop;
  StepCrew crew(runner, working, std::min(options.parallelism, std::max<std::size_t>(2, machine.tasks().size())));
  for (;;) {
    heed_signals(machine, options, clock.now());
    for (const auto& step : machine.ready(clock.now())) crew.post(step);
    if (options.progress) options.progress(machine);
    if (crew.idle()) {
      if (machine.finished()) return runner.end();
      // Nothing runs: only the clock can make something ready. A signal ends the sleep, and the loop heeds it.
      (void)clock.sleep(resting, until_wake(machine, clock));
      continue;
    }
    for (auto& done : crew.collect(until_wake(machine, clock))) {
      heed_signals(machine, options, clock.now());
      if (done.done.postponed)
        machine.postpone(done.step, std::move(*done.done.postponed));
      else
        machine.report(done.step, done.done.report, clock.now());
    }
  }
}

}  // namespace trunkform::engine
