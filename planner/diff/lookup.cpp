#include "planner/diff/lookup.hpp"

#include <algorithm>

#include "schemas/model/diagnostic.hpp"

namespace trunkform::diff {
namespace {

using Kind = TrunkLookup::Kind;

/// Whether the configuration still means the trunk that state pinned. A name is resolved once: the pinned trunk is
/// meant as long as the configuration says its old name or its present one.
bool still_means(const TrunkSelector& selector, const ResourceRecord& prior, const LiveTrunk* pinned) {
  if (const auto* id = std::get_if<TrunkById>(&selector)) return id->id == prior.trunk_id;
  const auto& name = std::get<TrunkByName>(selector).name;
  return name == prior.trunk_name || (pinned != nullptr && name == pinned->name);
}

}  // namespace

TrunkIndex::TrunkIndex(std::span<const LiveTrunk> trunks) {
  m_by_id.reserve(trunks.size());
  m_by_name.reserve(trunks.size());
  for (const auto& trunk : trunks) {
    m_by_id.emplace(trunk.id.value, &trunk);
    m_by_name[trunk.name].push_back(&trunk);
  }
}

const LiveTrunk* TrunkIndex::by_id(const TrunkId& id) const {
  const auto found = m_by_id.find(id.value);
  return found == m_by_id.end() ? nullptr : found->second;
}

TrunkLookup TrunkIndex::look_up(const TrunkSelector& selector, const ResourceRecord* prior) const {
  TrunkLookup result;
  if (prior != nullptr) {
    const auto* pinned = by_id(prior->trunk_id);
    result.repointed = !still_means(selector, *prior, pinned);
    if (!result.repointed && pinned != nullptr) {
      result.kind = Kind::found;
      result.trunk = pinned;
      return result;
    }
  }
  const bool pinned_is_gone = prior != nullptr && !result.repointed;
  if (const auto* id = std::get_if<TrunkById>(&selector)) {
    result.trunk = by_id(id->id);
    result.kind = result.trunk != nullptr ? Kind::found : Kind::missing;
    return result;
  }
  const auto found = m_by_name.find(std::get<TrunkByName>(selector).name);
  if (found == m_by_name.end()) {
    std::vector<std::string> names;
    names.reserve(m_by_name.size());
    for (const auto& [name, trunks] : m_by_name) names.emplace_back(name);
    std::sort(names.begin(), names.end());
    result.nearest = nearest(std::get<TrunkByName>(selector).name, names);
    return result;
  }
  if (found->second.size() > 1) {
    result.kind = Kind::ambiguous;
    for (const auto* trunk : found->second) result.candidates.push_back(trunk->id);
    return result;
  }
  result.kind = pinned_is_gone ? Kind::replaced : Kind::found;
  result.trunk = found->second.front();
  return result;
}

}  // namespace trunkform::diff
