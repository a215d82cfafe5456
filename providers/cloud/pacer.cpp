#include "providers/cloud/pacer.hpp"

#include <algorithm>

namespace trunkform::cloud {

namespace {
constexpr Duration k_window = std::chrono::minutes(1);
}

Pacer::Pacer(int per_minute) : m_limit(static_cast<std::size_t>(std::max(per_minute, 1))) {}

Duration Pacer::reserve(Duration now) {
  const std::scoped_lock lock(m_mutex);
  auto slot = std::max(now, m_held_until);
  if (!m_slots.empty()) slot = std::max(slot, m_slots.back());
  if (m_slots.size() == m_limit) {
    slot = std::max(slot, m_slots.front() + k_window);
    m_slots.pop_front();
  }
  m_slots.push_back(slot);
  return slot - now;
}

void Pacer::hold(Duration now, Duration wait) {
  const std::scoped_lock lock(m_mutex);
  m_held_until = std::max(m_held_until, now + wait);
}

Duration Pacer::held(Duration now) const {
  const std::scoped_lock lock(m_mutex);
  return std::max(m_held_until - now, Duration(0));
}

}  // namespace trunkform::cloud
