#pragma once
// The same work for many things that do not depend on each other, on several threads.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace trunkform::engine {

/// Calls `work(i)` for each i below `count`, on this thread and at most `threads` − 1 others, and returns when all are
/// done. `stride`: how many a thread takes at a time; 1 where each waits for something, more where they are short.
/// What a call throws is thrown here, after the others have ended.
template <class Work>
void side_by_side(std::size_t threads, std::size_t count, std::size_t stride, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    try {
      for (auto from = next.fetch_add(stride); from < count; from = next.fetch_add(stride))
        for (auto i = from; i < std::min(count, from + stride); ++i) work(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(threads, (count + stride - 1) / stride); ++i) others.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
}

/// For work that computes and waits for nothing.
inline std::size_t processors() { return std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace trunkform::engine
