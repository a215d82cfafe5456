#include "planner/schedule/waves.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace trunkform::schedule {
namespace {

constexpr std::uint64_t k_requests_per_trunk = 3;

using Changes = std::vector<const PlannedChange*>;

const RolloutPolicy& policy_of(const PlannedChange& change) { return change.binding->rollout; }

/// Splits in order of first appearance.
template <class Key>
std::vector<Changes> grouped(const Changes& changes, Key key) {
  std::map<std::string, std::size_t> index;
  std::vector<Changes> groups;
  for (const auto* change : changes) {
    const auto [at, is_new] = index.try_emplace(key(*change), groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(change);
  }
  return groups;
}

/// Trunks of different rollout blocks in one wave: the more careful value counts.
Wave wave_of(const Changes& changes) {
  Wave wave;
  wave.carrier = changes.front()->binding->carrier->label;
  wave.max_parallel = static_cast<std::size_t>(std::max(changes.front()->binding->carrier->max_parallel, 1));
  for (const auto* change : changes) {
    wave.addresses.push_back(change->address);
    wave.stagger = std::max(wave.stagger, policy_of(*change).stagger);
    wave.soak = std::max(wave.soak, policy_of(*change).soak);
  }
  return wave;
}

bool is_blue(const PlannedChange* change) { return change->binding->colour == Colour::blue; }

class Planner {
 public:
  explicit Planner(const ProvenChains& proven) : m_proven(proven) {}

  /// Blue trunks come after all others of their carrier, so that no blue holds up a green.
  void add_carrier(const Changes& carrier) {
    m_tried.clear();
    for (std::size_t i = 0; i < carrier.size(); ++i) m_positions[carrier[i]] = i;
    Changes first, blue;
    std::partition_copy(carrier.begin(), carrier.end(), std::back_inserter(blue), std::back_inserter(first), is_blue);
    add_trunks(first);
    add_trunks(blue);
  }
  std::vector<Wave> take() { return std::move(m_waves); }

 private:
  bool is_proven(const PlannedChange& change) const {
    return change.after != nullptr && m_proven.contains({change.binding->carrier->label, change.after->identity.chain});
  }

  void add_trunks(const Changes& trunks) {
    Changes rest;
    for (const auto& chain : grouped(trunks, chain_key)) add_canary(chain, rest);
    // Back in the carrier's order, whatever the order of the chains was.
    std::sort(rest.begin(), rest.end(),
              [&](const auto* a, const auto* b) { return m_positions.at(a) < m_positions.at(b); });
    for (const auto& same_policy : by_policy(rest)) add_in_chunks(same_policy);
  }

  /// A chain is tried once on a carrier.
  void add_canary(const Changes& chain, Changes& rest) {
    if (!m_tried.insert(chain_key(*chain.front())).second) {
      rest.insert(rest.end(), chain.begin(), chain.end());
      return;
    }
    int wanted = 0;
    if (!is_proven(*chain.front()))
      for (const auto* change : chain) wanted = std::max(wanted, policy_of(*change).canary);
    const auto count = std::min(chain.size(), static_cast<std::size_t>(std::max(wanted, 0)));
    const auto middle = chain.begin() + static_cast<std::ptrdiff_t>(count);
    if (count > 0) add({chain.begin(), middle}, true);
    rest.insert(rest.end(), middle, chain.end());
  }

  static std::vector<Changes> by_policy(const Changes& changes) {
    std::vector<Changes> groups;
    for (const auto* change : changes) {
      const auto group = std::find_if(groups.begin(), groups.end(),
                                      [&](const Changes& g) { return policy_of(*g.front()) == policy_of(*change); });
      if (group == groups.end())
        groups.push_back({change});
      else
        group->push_back(change);
    }
    return groups;
  }

  void add_in_chunks(const Changes& changes) {
    const auto size = static_cast<std::size_t>(std::max(policy_of(*changes.front()).wave_size, 1));
    for (std::size_t from = 0; from < changes.size(); from += size) {
      const auto to = std::min(changes.size(), from + size);
      add({changes.begin() + static_cast<std::ptrdiff_t>(from), changes.begin() + static_cast<std::ptrdiff_t>(to)},
          false);
    }
  }

  void add(const Changes& changes, bool canary) {
    m_waves.push_back(wave_of(changes));
    m_waves.back().canary = canary;
  }

  const ProvenChains& m_proven;
  std::vector<Wave> m_waves;
  std::map<const PlannedChange*, std::size_t> m_positions;
  std::set<std::string> m_tried;  ///< chains of the carrier at hand that have had their canary
};

}  // namespace

std::string chain_key(const PlannedChange& change) {
  return change.after ? to_hex(change.after->identity.chain) : change.binding->certificate;
}

std::vector<Wave> waves_of(std::vector<const PlannedChange*> writes, const ProvenChains& proven) {
  std::stable_sort(writes.begin(), writes.end(), [](const auto* a, const auto* b) {
    return a->not_before.value_or(Instant::min()) < b->not_before.value_or(Instant::min());
  });
  Planner planner(proven);
  for (const auto& carrier : grouped(writes, [](const auto& change) { return change.binding->carrier->label; }))
    planner.add_carrier(carrier);
  return planner.take();
}

std::vector<const PlannedChange*> writes_of(const std::vector<PlannedChange>& changes) {
  std::vector<const PlannedChange*> writes;
  for (const auto& change : changes)
    if (change.writes() && !change.held_back) writes.push_back(&change);
  return writes;
}

std::vector<Wave> waves(std::vector<PlannedChange>& changes, const ProvenChains& proven) {
  std::map<Address, PlannedChange*> by_address;
  for (auto& change : changes) {
    change.wave = -1;
    by_address.emplace(change.address, &change);
  }
  auto planned = waves_of(writes_of(changes), proven);
  for (std::size_t wave = 0; wave < planned.size(); ++wave)
    for (const auto& address : planned[wave].addresses) by_address.at(address)->wave = static_cast<int>(wave);
  return planned;
}

Duration estimate(const std::vector<Wave>& waves, Duration step, const SoaksLeft& before) {
  auto ends = before;                           // of the carrier's last soak
  std::map<std::string, Duration> last_trunks;  // when its last trunk was done
  Duration total{};
  for (const auto& [carrier, left] : before) total = std::max(total, left);
  for (const auto& wave : waves) {
    if (wave.addresses.empty()) continue;
    const auto slots = std::max<std::size_t>(1, wave.max_parallel);
    const auto turns = static_cast<Duration::rep>((wave.addresses.size() + slots - 1) / slots);
    const bool first = !last_trunks.contains(wave.carrier);
    const Duration start =
        first ? ends[wave.carrier] : std::max(ends[wave.carrier], last_trunks[wave.carrier] + wave.stagger);
    last_trunks[wave.carrier] = start + step * turns + wave.stagger * (turns - 1);
    ends[wave.carrier] = last_trunks[wave.carrier] + wave.soak;
    total = std::max(total, ends[wave.carrier]);
  }
  return total;
}

std::uint64_t requests(const std::vector<PlannedChange>& changes) {
  const auto writes = writes_of(changes);
  const auto looked_at_again = std::count_if(writes.begin(), writes.end(), [](const auto* change) {
    const auto& binding = *change->binding;
    return binding.verify->status && binding.verify->tls && binding.rollout->soak > Duration::zero();
  });
  return k_requests_per_trunk * writes.size() + static_cast<std::uint64_t>(looked_at_again);
}

}  // namespace trunkform::schedule
