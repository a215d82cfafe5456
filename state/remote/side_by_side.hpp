#pragma once
// Several reads at once: each takes as long as the way to the server and back.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "schemas/model/result.hpp"

namespace trunkform::state {

/// `read` of each number below `count`, in their order. It is called from several threads. The first error counts.
template <class T>
Result<std::vector<T>> side_by_side(std::size_t count, const std::function<Result<T>(std::size_t)>& read) {
  constexpr std::size_t k_at_once = 8;
  std::vector<Result<T>> answers(count, Result<T>(T{}));
  {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (auto i = next++; i < count; i = next++) answers[i] = read(i);
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(k_at_once, count); ++i) others.emplace_back(work);
    work();
  }
  std::vector<T> all;
  all.reserve(count);
  for (auto& answer : answers) all.push_back(TRY(std::move(answer)));
  return all;
}

}  // namespace trunkform::state
