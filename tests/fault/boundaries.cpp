#include "tests/fault/boundaries.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace trunkform::testing {

SharedPage* SharedPage::map(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return nullptr;
  void* memory = MAP_FAILED;
  if (::ftruncate(file, sizeof(SharedPage)) == 0)
    memory = ::mmap(nullptr, sizeof(SharedPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<SharedPage*>(memory);
}

Result<> SharedClock::sleep(const Context& context, Duration duration) {
  if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped");
  m_page.now += std::max(duration, Duration::zero()).count();
  return {};
}

void Boundaries::pass(const std::string& step) {
  const std::scoped_lock guard(m_mutex);
  ++m_page.now;  // nothing takes no time
  if (++m_page.passed != m_dies_at) return;
  const auto name = m_part.empty() ? step : m_part + ": " + step;
  std::strncpy(m_page.step, name.c_str(), sizeof m_page.step - 1);
  (void)::kill(::getpid(), SIGKILL);
}

Boundaries::Part::Part(Boundaries& boundaries, const std::string& name) : m_boundaries(boundaries) {
  const std::scoped_lock guard(boundaries.m_mutex);
  boundaries.m_part = name;
}

Boundaries::Part::~Part() {
  const std::scoped_lock guard(m_boundaries.m_mutex);
  m_boundaries.m_part.clear();
}

}  // namespace trunkform::testing
