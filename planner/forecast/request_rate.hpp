#pragma once
// Counts requests by day, and the most that begin within sixty seconds. Times are given in order.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>

#include "schemas/model/time.hpp"

namespace trunkform::forecast {

class RequestRate {
 public:
  struct Count {
    std::uint64_t requests = 0;
    std::uint64_t peak = 0;
  };
  void note(Instant at) {
    while (!m_minute.empty() && m_minute.front() + std::chrono::minutes(1) <= at) m_minute.pop_front();
    m_minute.push_back(at);
    auto& day = m_days[std::chrono::floor<std::chrono::days>(at)];
    ++day.requests;
    day.peak = std::max<std::uint64_t>(day.peak, m_minute.size());
    ++m_total;
  }
  const std::map<std::chrono::sys_days, Count>& days() const { return m_days; }
  std::uint64_t total() const { return m_total; }

 private:
  std::deque<Instant> m_minute;
  std::map<std::chrono::sys_days, Count> m_days;
  std::uint64_t m_total = 0;
};

}  // namespace trunkform::forecast
