#include "providers/x509/path/search.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "providers/x509/path/checks.hpp"
#include "providers/x509/path/issuing.hpp"
#include "providers/x509/trust_store_impl.hpp"

namespace trunkform::x509::detail {
namespace {

bool is_in_time(const Step& step, Instant at) { return step.facts->not_before <= at && at <= step.facts->not_after; }

/// What is wrong with a certificate wherever the path leads.
void check_alone(const Step& step, const Place& place, const Demands& demands, Faults& faults) {
  check_form(step, place, faults);
  check_names(step, place, faults);
  check_usages(step, place, faults);
  check_identifiers(step, place, faults);
  check_constraint_forms(step, place, faults);
  check_strength(step, place, faults);
  if (!place.is_leaf()) check_issuer(step, place, demands, faults);
}

class Search {
 public:
  Search(const std::vector<Step>& given, const TrustStore& trust, const Demands& demands, Signatures* signatures)
      : m_given(given), m_trust(trust), m_demands(demands), m_signatures(signatures) {}

  Judged run() {
    find_rooted();
    m_unavoidable = blocking(judge({&m_given.front()}, false).faults);
    walk(m_given.front());
    if (m_best) return std::move(*m_best);
    // None whose certificates are good one by one: the same once more, to say what is wrong with the best.
    m_strict = false;
    m_steps = 0;
    walk(m_given.front());
    return m_best ? std::move(*m_best) : unfinished();
  }

 private:
  const std::vector<Step>& m_given;
  const TrustStore& m_trust;
  const Demands& m_demands;
  Signatures* m_signatures;
  std::vector<bool> m_rooted;  ///< by name, an anchor is above; of `m_given`
  bool m_strict = true;        ///< whether what has a fault of its own is passed by
  Steps m_path;
  std::optional<Judged> m_best;
  std::size_t m_unavoidable = 0;  ///< the leaf's own blocking faults
  int m_steps = 0;
  int m_signatures_verified = 0;
  std::map<std::pair<const Step*, const Step*>, bool> m_edges;             ///< issuer, child
  std::map<std::pair<const Step*, bool>, std::vector<PathFault>> m_alone;  ///< as an anchor or not; above the leaf

  bool is_done() const { return (m_best && is_as_good_as_can_be(*m_best)) || m_steps >= k_most_steps; }

  /// No path mends what is wrong with the leaf.
  bool is_as_good_as_can_be(const Judged& judged) const {
    return blocking(judged.faults) <= m_unavoidable && judged.out_of_time.value_or(0) == 0 &&
           (!judged.out_of_time || !is_in_time(m_given.front(), m_demands.at));
  }

  static std::size_t blocking(const std::vector<PathFault>& faults) {
    return static_cast<std::size_t>(std::count_if(faults.begin(), faults.end(),
                                                  [](const PathFault& one) { return one.verdict == Verdict::block; }));
  }

  bool is_passed(const Step& step) const {
    return std::any_of(m_path.begin(), m_path.end(),
                       [&](const Step* one) { return one->facts->fingerprint == step.facts->fingerprint; });
  }

  /// Without looking at signatures: what leads nowhere is not walked, however knotted it is.
  void find_rooted() {
    m_rooted.assign(m_given.size(), false);
    for (std::size_t i = 0; i < m_given.size(); ++i) {
      const auto anchors = m_trust.impl().anchors_named(m_given[i].reading().issuer);
      m_rooted[i] = std::any_of(anchors.begin(), anchors.end(), [&](const Step* anchor) {
        return names_as_issuer(anchor->reading(), m_given[i].reading());
      });
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < m_given.size(); ++i) {
        if (m_rooted[i]) continue;
        for (std::size_t above = 1; above < m_given.size() && !m_rooted[i]; ++above)
          m_rooted[i] = m_rooted[above] && names_as_issuer(m_given[above].reading(), m_given[i].reading());
        changed = changed || m_rooted[i];
      }
    }
  }

  const std::vector<PathFault>& alone(const Step& step, bool is_anchor) {
    const auto [found, missing] = m_alone.try_emplace({&step, is_anchor});
    if (missing) {
      Faults faults(m_demands);
      check_alone(step, {1, is_anchor}, m_demands, faults);
      found->second = std::move(faults).take();
    }
    return found->second;
  }

  bool is_promising(const Step& step, bool is_anchor) {
    if (!m_strict) return true;
    return is_in_time(step, m_demands.at) && blocking(alone(step, is_anchor)) == 0;
  }

  bool is_signed(const Step& issuer, const Step& child) {
    const auto [found, missing] = m_edges.try_emplace({&issuer, &child}, false);
    if (missing && m_signatures_verified < k_most_signatures) {
      const bool known =
          m_signatures != nullptr && m_signatures->knows(issuer.facts->fingerprint, child.facts->fingerprint);
      if (!known) ++m_signatures_verified;
      found->second = signed_by(issuer, child, m_signatures);
    }
    return found->second;
  }

  bool is_self_signed(const Step& step) {
    return step.reading().self_issued && names_as_issuer(step.reading(), step.reading()) && is_signed(step, step);
  }

  void walk(const Step& at) {
    ++m_steps;
    m_path.push_back(&at);
    if (m_path.size() == 1 && m_trust.impl().holds(at)) consider();
    // Those above a self-signed issuer have its name, so they stand above its children without it. A leaf may have its
    // issuer's name and key, and still need it.
    if (m_path.size() > 1 && is_self_signed(at)) {
      m_path.pop_back();
      return;
    }
    const auto anchors = m_trust.impl().anchors_named(at.reading().issuer);
    for (const auto* anchor : anchors) {
      if (is_done()) break;
      if (is_passed(*anchor) || !names_as_issuer(anchor->reading(), at.reading())) continue;
      if (!is_promising(*anchor, true) || (m_strict && !is_signed(*anchor, at))) continue;
      ++m_steps;
      m_path.push_back(anchor);
      consider();
      m_path.pop_back();
    }
    for (const auto* issuer : issuers_of(at)) {
      if (is_done()) break;
      if (!is_promising(*issuer, false) || (m_strict && !is_signed(*issuer, at))) continue;
      walk(*issuer);
    }
    m_path.pop_back();
  }

  /// Those that an anchor is above, the one that lasts longest first.
  std::vector<const Step*> issuers_of(const Step& child) {
    std::vector<const Step*> issuers;
    for (std::size_t i = 1; i < m_given.size(); ++i) {
      const auto& step = m_given[i];
      if (m_rooted[i] && names_as_issuer(step.reading(), child.reading()) && !is_passed(step)) issuers.push_back(&step);
    }
    std::sort(issuers.begin(), issuers.end(), [](const Step* a, const Step* b) {
      return std::tie(a->facts->not_after, a->facts->fingerprint) >
             std::tie(b->facts->not_after, b->facts->fingerprint);
    });
    return issuers;
  }

  /// The path as it stands now, which is complete.
  void consider() {
    auto judged = judge(m_path, true);
    if (!m_best || rank(judged) < rank(*m_best)) m_best = std::move(judged);
  }

  /// Less is better: what only waits for a date, what has few faults, what is short.
  static std::tuple<bool, std::size_t, bool, std::size_t> rank(const Judged& judged) {
    return {judged.blocked, blocking(judged.faults), judged.out_of_time.has_value(), judged.path.size()};
  }

  Judged judge(const Steps& path, bool complete) {
    Judged judged{path, complete, {}, false, {}};
    Faults faults(m_demands);
    for (std::size_t depth = 0; depth < path.size(); ++depth) {
      const Place place{static_cast<int>(depth), complete && depth > 0 && depth + 1 == path.size()};
      if (place.is_leaf()) {
        check_alone(*path[depth], place, m_demands, faults);
      } else {
        auto known = alone(*path[depth], place.is_anchor);
        for (auto& fault : known) fault.depth = place.depth;
        faults.add(std::move(known));
      }
      if (depth > 0 && !is_signed(*path[depth], *path[depth - 1])) {
        faults.add(PathCheck::signature, *path[depth - 1], {place.depth - 1, false},
                   "its signature does not verify with the key of '" + path[depth]->facts->subject + "'");
      }
      if (!judged.out_of_time && !is_in_time(*path[depth], m_demands.at)) judged.out_of_time = depth;
    }
    if (complete) {
      check_lengths(path, m_demands, faults);
      check_name_constraints(path, m_demands, faults);
      check_policies(path, faults);
    }
    judged.blocked = faults.block();
    judged.faults = std::move(faults).take();
    return judged;
  }

  /// As far as names lead, each step by the issuer that signed where there is one.
  Judged unfinished() {
    Steps path{&m_given.front()};
    m_path = path;
    for (const Step* next = path.front(); next != nullptr;) {
      const Step* at = next;
      next = nullptr;
      if (is_self_signed(*at)) break;
      for (std::size_t i = 1; i < m_given.size(); ++i) {
        const auto& step = m_given[i];
        if (is_passed(step) || !names_as_issuer(step.reading(), at->reading())) continue;
        if (next == nullptr || (!is_signed(*next, *at) && is_signed(step, *at))) next = &step;
      }
      if (next != nullptr) m_path.push_back(next);
    }
    return judge(m_path, false);
  }
};

}  // namespace

Judged find_path(const std::vector<Step>& given, const TrustStore& trust, const Demands& demands,
                 Signatures* signatures) {
  return Search(given, trust, demands, signatures).run();
}

}  // namespace trunkform::x509::detail
