#include "cmd/genesys_sim/service/trunk_store.hpp"

#include <algorithm>
#include <utility>

namespace trunkform::sim {

Trunk& TrunkStore::add(std::string id, std::string carrier, TrunkView view) {
  auto trunk = std::make_unique<Trunk>();
  trunk->id = std::move(id);
  trunk->carrier = std::move(carrier);
  trunk->current = std::move(view);
  m_by_id[trunk->id] = trunk.get();
  m_trunks.push_back(std::move(trunk));
  touch();
  return *m_trunks.back();
}

bool TrunkStore::remove(std::string_view id) {
  const auto found = m_by_id.find(id);
  if (found == m_by_id.end()) return false;
  const Trunk* trunk = found->second;
  m_by_id.erase(found);
  std::erase_if(m_trunks, [trunk](const auto& item) { return item.get() == trunk; });
  touch();
  return true;
}

Trunk* TrunkStore::find(std::string_view id) {
  const auto found = m_by_id.find(id);
  return found == m_by_id.end() ? nullptr : found->second;
}

const Trunk* TrunkStore::find(std::string_view id) const {
  const auto found = m_by_id.find(id);
  return found == m_by_id.end() ? nullptr : found->second;
}

Trunk* TrunkStore::select(std::string_view id_or_name) {
  if (auto* trunk = find(id_or_name)) return trunk;
  const auto named = std::find_if(m_trunks.begin(), m_trunks.end(),
                                  [id_or_name](const auto& item) { return item->current.name == id_or_name; });
  return named == m_trunks.end() ? nullptr : named->get();
}

TrunkView& TrunkStore::revise(Trunk& trunk, Instant now) {
  constexpr std::size_t k_kept = 16;
  trunk.earlier.push_back(trunk.current);
  if (trunk.earlier.size() > k_kept) trunk.earlier.erase(trunk.earlier.begin());
  ++trunk.current.version;
  trunk.current.since = now;
  touch();
  return trunk.current;
}

const TrunkView& visible(const Trunk& trunk, Instant now, Duration lag) {
  // A clock that was set back must not make readers see the past until it has caught up.
  const auto shows = [&](const TrunkView& view) { return view.since + lag <= now || view.since > now; };
  if (shows(trunk.current) || trunk.earlier.empty()) return trunk.current;
  const auto view = std::find_if(trunk.earlier.rbegin(), trunk.earlier.rend(), shows);
  return view != trunk.earlier.rend() ? *view : trunk.earlier.front();
}

}  // namespace trunkform::sim
