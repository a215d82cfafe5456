#include "cmd/genesys_sim/service/faults.hpp"

#include <utility>

namespace trunkform::sim {
namespace {

bool in_scope(const Fault& fault, const FaultSubject& subject) {
  if (fault.operation && *fault.operation != subject.operation) return false;
  if (!fault.method.empty() && fault.method != subject.method) return false;
  return fault.trunk.empty() || fault.trunk == subject.trunk_id || fault.trunk == subject.trunk_name;
}

bool is_spent(const Fault& fault, Instant now) {
  return (fault.times && fault.fired >= *fault.times) || (fault.until && now >= *fault.until);
}

bool comes_due(Fault& fault) {
  ++fault.seen;
  if (fault.seen <= fault.skip) return false;
  const auto every = fault.every == 0 ? 1 : fault.every;
  if ((fault.seen - fault.skip) % every != 0) return false;
  ++fault.fired;
  return true;
}

}  // namespace

std::uint64_t FaultList::add(Fault fault) {
  fault.id = m_next++;
  m_faults.push_back(std::move(fault));
  return m_faults.back().id;
}

std::vector<Fault> FaultList::pick(const FaultSubject& subject, Instant now) {
  std::vector<Fault> picked;
  bool taken = false;
  for (auto& fault : m_faults) {
    const bool only_edits = fault.effect == Effect::edits_only;
    if ((taken && !only_edits) || is_spent(fault, now) || !in_scope(fault, subject) || !comes_due(fault)) continue;
    picked.push_back(fault);
    taken = taken || !only_edits;
  }
  return picked;
}

}  // namespace trunkform::sim
