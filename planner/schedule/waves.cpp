#include "planner/schedule/waves.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace trunkform::schedule {
namespace {

constexpr std::uint64_t k_requests_per_trunk = 3;

using Changes = std::vector<PlannedChange*>;

const RolloutPolicy& policy_of(const PlannedChange& change) { return change.binding->rollout; }

/// What a canary tries: one chain on one carrier. What is still to be issued is known by its declaration.
std::string chain_key(const PlannedChange& change) {
  return change.after ? to_hex(change.after->identity.chain) : change.binding->certificate;
}

/// Splits in order of first appearance.
template <class Key>
std::vector<Changes> grouped(const Changes& changes, Key key) {
  std::map<std::string, std::size_t> index;
  std::vector<Changes> groups;
  for (auto* change : changes) {
    const auto [at, is_new] = index.try_emplace(key(*change), groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(change);
  }
  return groups;
}

/// Trunks of different rollout blocks in one wave: the more careful value counts.
Wave wave_of(const Changes& changes) {
  Wave wave;
  wave.carrier = changes.front()->binding->carrier.label;
  wave.max_parallel = static_cast<std::size_t>(std::max(changes.front()->binding->carrier.max_parallel, 1));
  for (const auto* change : changes) {
    wave.addresses.push_back(change->address);
    wave.stagger = std::max(wave.stagger, policy_of(*change).stagger);
    wave.soak = std::max(wave.soak, policy_of(*change).soak);
  }
  return wave;
}

class Planner {
 public:
  void add_carrier(const Changes& carrier) {
    for (std::size_t i = 0; i < carrier.size(); ++i) m_positions[carrier[i]] = i;
    Changes rest;
    for (const auto& chain : grouped(carrier, chain_key)) add_canary(chain, rest);
    // Back in the carrier's order, whatever the order of the chains was.
    std::sort(rest.begin(), rest.end(), [&](auto* a, auto* b) { return m_positions.at(a) < m_positions.at(b); });
    for (const auto& same_policy : by_policy(rest)) add_in_chunks(same_policy);
  }
  std::vector<Wave> take() { return std::move(m_waves); }

 private:
  void add_canary(const Changes& chain, Changes& rest) {
    int wanted = 0;
    for (const auto* change : chain) wanted = std::max(wanted, policy_of(*change).canary);
    const auto count = std::min(chain.size(), static_cast<std::size_t>(std::max(wanted, 0)));
    const auto middle = chain.begin() + static_cast<std::ptrdiff_t>(count);
    if (count > 0) add({chain.begin(), middle}, true);
    rest.insert(rest.end(), middle, chain.end());
  }

  static std::vector<Changes> by_policy(const Changes& changes) {
    std::vector<Changes> groups;
    for (auto* change : changes) {
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
    for (auto* change : changes) change->wave = static_cast<int>(m_waves.size());
    m_waves.push_back(wave_of(changes));
    m_waves.back().canary = canary;
  }

  std::vector<Wave> m_waves;
  std::map<const PlannedChange*, std::size_t> m_positions;
};

}  // namespace

std::vector<Wave> waves(std::vector<PlannedChange>& changes) {
  Changes writes;
  for (auto& change : changes) {
    change.wave = -1;
    if (change.writes() && change.binding) writes.push_back(&change);
  }
  std::stable_sort(writes.begin(), writes.end(), [](const auto* a, const auto* b) {
    return a->not_before.value_or(Instant::min()) < b->not_before.value_or(Instant::min());
  });
  Planner planner;
  for (const auto& carrier : grouped(writes, [](const auto& change) { return change.binding->carrier.label; }))
    planner.add_carrier(carrier);
  return planner.take();
}

Duration estimate(const std::vector<Wave>& waves, Duration step) {
  std::map<std::string, Duration> ends;         // of the carrier's last soak
  std::map<std::string, Duration> last_trunks;  // when its last trunk was done
  Duration total{};
  for (const auto& wave : waves) {
    if (wave.addresses.empty()) continue;
    const auto slots = std::max<std::size_t>(1, wave.max_parallel);
    const auto turns = static_cast<Duration::rep>((wave.addresses.size() + slots - 1) / slots);
    const bool first = !ends.contains(wave.carrier);
    const Duration start =
        first ? Duration::zero() : std::max(ends[wave.carrier], last_trunks[wave.carrier] + wave.stagger);
    last_trunks[wave.carrier] = start + step * turns + wave.stagger * (turns - 1);
    ends[wave.carrier] = last_trunks[wave.carrier] + wave.soak;
    total = std::max(total, ends[wave.carrier]);
  }
  return total;
}

std::uint64_t requests(const std::vector<PlannedChange>& changes) {
  return k_requests_per_trunk * static_cast<std::uint64_t>(std::count_if(changes.begin(), changes.end(),
                                                                         [](const auto& c) { return c.writes(); }));
}

}  // namespace trunkform::schedule
