#pragma once
// Owns one descriptor of a SystemCalls and closes it once. Move-only, not thread-safe.
#include <utility>

#include "providers/platform/posix/system_calls.hpp"

namespace trunkform::platform {

class Descriptor {
 public:
  Descriptor() = default;
  Descriptor(SystemCalls& calls, int number) : m_calls(&calls), m_number(number) {}
  Descriptor(Descriptor&& other) noexcept : m_calls(other.m_calls), m_number(std::exchange(other.m_number, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(m_calls, other.m_calls);
    std::swap(m_number, other.m_number);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (m_number >= 0) m_calls->close(m_number);
  }
  int number() const { return m_number; }

 private:
  SystemCalls* m_calls = nullptr;
  int m_number = -1;
};

}  // namespace trunkform::platform
