// Certificate policies (RFC 5280 §6.1), as far as they can refuse a path: nobody asks for a policy of a SIP trunk, so
// it is enough to know whether any is valid for the whole path. Then the tree of policies is no more than the set of
// those that may be expected below (RFC 9618 §5 comes to the same).
#include <algorithm>
#include <set>

#include "providers/x509/path/checks.hpp"

namespace trunkform::x509::detail {
namespace {

class Policies {
 public:
  explicit Policies(std::size_t length) : m_explicit(length), m_any(length), m_mapping(length) {}

  /// RFC 5280 §6.1.3 (d) to (f).
  void take(const PolicyReading& policy, bool any_counts_all_the_same) {
    if (!policy.stated) {
      m_expected.clear();
      return;
    }
    const bool all_before = m_expected.contains(std::string(k_any_policy));
    std::set<std::string> now;
    for (const auto& one : policy.policies) {
      if (one != k_any_policy && (all_before || m_expected.contains(one))) now.insert(one);
    }
    const bool any = std::find(policy.policies.begin(), policy.policies.end(), k_any_policy) != policy.policies.end();
    if (any && (m_any > 0 || any_counts_all_the_same)) now.insert(m_expected.begin(), m_expected.end());
    m_expected = std::move(now);
  }

  /// RFC 5280 §6.1.4 (a), (b), (h) to (j): from one certificate to those below it.
  void go_below(const PolicyReading& policy, bool self_issued) {
    map(policy);
    if (!self_issued) {
      for (auto* count : {&m_explicit, &m_any, &m_mapping})
        if (*count > 0) --*count;
    }
    tighten(policy);
  }

  void tighten(const PolicyReading& policy) {
    const auto lower = [](std::size_t& count, const std::optional<int>& to) {
      if (to) count = std::min(count, static_cast<std::size_t>(*to));
    };
    lower(m_explicit, policy.require_explicit);
    lower(m_mapping, policy.inhibit_mapping);
    lower(m_any, policy.inhibit_any);
  }

  bool refuse() const { return m_explicit == 0 && m_expected.empty(); }
  /// RFC 5280 §6.1.5 (a), (b): the leaf itself.
  void end(const PolicyReading& leaf) {
    if (m_explicit > 0) --m_explicit;
    if (leaf.require_explicit && *leaf.require_explicit == 0) m_explicit = 0;
  }

 private:
  void map(const PolicyReading& policy) {
    if (policy.mappings.empty()) return;
    const bool all = m_expected.contains(std::string(k_any_policy));
    std::set<std::string> targets;
    std::set<std::string> sources;
    for (const auto& [from, to] : policy.mappings) {
      sources.insert(from);
      if (m_mapping > 0 && (all || m_expected.contains(from))) targets.insert(to);
    }
    for (const auto& from : sources) m_expected.erase(from);
    m_expected.insert(targets.begin(), targets.end());
  }

  std::set<std::string> m_expected{std::string(k_any_policy)};
  std::size_t m_explicit, m_any, m_mapping;  ///< certificates to go until it is demanded, or no longer allowed
};

}  // namespace

void check_policies(const Steps& path, Faults& faults) {
  if (path.size() < 2) return;
  Policies policies(path.size());
  // What an anchor demands of the path holds, and the policies that it states are all that it stands for (RFC 5937
  // §3.2). One that states none limits none.
  const auto& anchor = path.back()->reading().policy;
  if (anchor.stated) policies.take(anchor, true);
  policies.go_below(anchor, true);
  for (std::size_t depth = path.size() - 1; depth-- > 0;) {
    const auto& reading = path[depth]->reading();
    policies.take(reading.policy, depth > 0 && reading.self_issued);
    if (depth == 0) policies.end(reading.policy);
    if (policies.refuse()) {
      faults.add(PathCheck::explicit_policy, *path[depth], place_in(path, depth),
                 "an authority above it demands a policy, and none is valid for the path to here");
      return;
    }
    if (depth > 0) policies.go_below(reading.policy, reading.self_issued);
  }
}

}  // namespace trunkform::x509::detail
