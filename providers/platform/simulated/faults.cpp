#include "providers/platform/simulated/faults.hpp"

#include <fmt/format.h>

namespace trunkform::platform {

std::string to_string(IoStep step) {
  switch (step) {
    case IoStep::open:
      return "open";
    case IoStep::read:
      return "read";
    case IoStep::write:
      return "write";
    case IoStep::sync:
      return "sync";
    case IoStep::truncate:
      return "truncate";
    case IoStep::rename:
      return "rename";
    case IoStep::unlink:
      return "unlink";
    case IoStep::make_directory:
      return "make_directory";
    case IoStep::make_link:
      return "make_link";
    case IoStep::status:
      return "status";
    case IoStep::list:
      return "list";
    case IoStep::read_link:
      return "read_link";
    case IoStep::lock:
      return "lock";
  }
  return "?";
}

SimulatedCrash::SimulatedCrash(IoSite site)
    : m_site(std::move(site)),
      m_text(fmt::format("simulated crash at call {} ({} {})", m_site.number, to_string(m_site.step), m_site.path)) {}

void FaultPlan::fail_at(std::uint64_t number, Fault fault) {
  const std::scoped_lock lock(m_mutex);
  m_faults[number] = fault;
}

void FaultPlan::clear() {
  const std::scoped_lock lock(m_mutex);
  m_faults.clear();
  m_sites.clear();
}

void FaultPlan::count_only(std::string part) {
  const std::scoped_lock lock(m_mutex);
  m_part = std::move(part);
}

void FaultPlan::pause(bool paused) {
  const std::scoped_lock lock(m_mutex);
  m_paused = paused;
}

std::optional<Fault> FaultPlan::next(IoStep step, const std::string& path) {
  const std::scoped_lock lock(m_mutex);
  if (m_paused || path.find(m_part) == std::string::npos) return std::nullopt;
  const std::uint64_t number = m_sites.size() + 1;
  m_sites.push_back({number, step, path});
  const auto planned = m_faults.find(number);
  if (planned == m_faults.end()) return std::nullopt;
  return planned->second;
}

std::vector<IoSite> FaultPlan::sites() const {
  const std::scoped_lock lock(m_mutex);
  return m_sites;
}

}  // namespace trunkform::platform
