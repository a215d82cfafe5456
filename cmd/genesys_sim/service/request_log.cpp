#include "cmd/genesys_sim/service/request_log.hpp"

#include <utility>

namespace trunkform::sim {

void RequestLog::add(LogEntry entry) {
  constexpr std::size_t k_kept = 200'000;
  entry.number = ++m_summary.requests;
  ++m_summary.by_operation[static_cast<std::size_t>(entry.operation)];
  ++m_summary.by_status[entry.status];
  if (entry.punctuality == Punctuality::early) ++m_summary.early;
  if (!entry.fault.empty()) ++m_summary.faults;
  m_entries.push_back(std::move(entry));
  if (m_entries.size() > k_kept) m_entries.pop_front();
}

}  // namespace trunkform::sim
