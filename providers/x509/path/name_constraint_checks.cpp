#include <algorithm>

#include <fmt/format.h>
#include <openssl/objects.h>

#include "providers/x509/path/checks.hpp"
#include "providers/x509/path/name_constraints.hpp"

namespace trunkform::x509::detail {
namespace {

/// All to which constraints apply: the alternative names, the subject, and its e-mail addresses. RFC 5280 §4.2.1.10
/// looks at those where there is no subjectAltName; OpenSSL, which most peers are, always does.
std::vector<GeneralForm> names_of(const Reading& reading) {
  std::vector<GeneralForm> names;
  if (reading.names) names = reading.names->names;
  for (auto& address : reading.subject.values_of(NID_pkcs9_emailAddress))
    names.push_back({FormKind::email, std::move(address), {}});
  if (!reading.subject.empty()) names.push_back({FormKind::directory, "", reading.subject});
  return names;
}

bool has_kind(const std::vector<GeneralForm>& trees, FormKind kind) {
  return std::any_of(trees.begin(), trees.end(), [&](const GeneralForm& tree) { return tree.kind == kind; });
}

class NameJudge {
 public:
  NameJudge(const Step& constrained, const Place& place, const Step& authority, Faults& faults)
      : m_step(constrained),
        m_place(place),
        m_constraints(*authority.reading().name_constraints),
        m_authority(authority.facts->subject),
        m_faults(faults) {}

  void judge(const GeneralForm& name) {
    const bool some_permitted = has_kind(m_constraints.permitted, name.kind);
    const bool some_excluded = has_kind(m_constraints.excluded, name.kind);
    if (!some_permitted && !some_excluded) return;
    if (!is_comparable(name.kind) || !can_be_placed(name)) {
      add(some_permitted ? PathCheck::names_permitted : PathCheck::names_excluded,
          fmt::format("its name {} cannot be held against the constraints of '{}'{}", described(name), m_authority,
                      name.kind == FormKind::uri ? ": a URI needs // and a host for that" : ""));
      return;
    }
    if (some_permitted && !is_any(m_constraints.permitted, name, is_inside)) {
      add(PathCheck::names_permitted,
          fmt::format("its name {} is none that '{}' permits", described(name), m_authority));
    }
    if (is_any(m_constraints.excluded, name, touches)) {
      add(PathCheck::names_excluded, fmt::format("its name {} is excluded by '{}'", described(name), m_authority));
    }
  }

 private:
  void add(PathCheck check, std::string what) { m_faults.add(check, m_step, m_place, std::move(what)); }

  static bool is_any(const std::vector<GeneralForm>& trees, const GeneralForm& name,
                     bool (*holds)(const GeneralForm&, const GeneralForm&)) {
    return std::any_of(trees.begin(), trees.end(),
                       [&](const GeneralForm& tree) { return tree.kind == name.kind && holds(name, tree); });
  }

  const Step& m_step;
  const Place& m_place;
  const NameConstraintsReading& m_constraints;
  const std::string& m_authority;
  Faults& m_faults;
};

/// A peer's own limit is of this size: Go's is 250,000 comparisons, OpenSSL's 1,048,576.
constexpr std::size_t k_most_comparisons = 250'000;

}  // namespace

/// Of each authority on all below it, the anchor's too (RFC 5937 §3.2).
void check_name_constraints(const Steps& path, Faults& faults) {
  std::size_t comparisons = 0;
  for (std::size_t above = path.size() - 1; above > 0; --above) {
    const auto& constraints = path[above]->reading().name_constraints;
    if (!constraints) continue;
    for (std::size_t below = above; below-- > 0;) {
      // RFC 5280 §6.1.3 (b): not to self-issued ones, unless it is the last, the leaf.
      if (below != 0 && path[below]->reading().self_issued) continue;
      const auto place = place_in(path, below);
      const auto names = names_of(path[below]->reading());
      comparisons += names.size() * (constraints->permitted.size() + constraints->excluded.size());
      if (comparisons > k_most_comparisons) {
        faults.add(PathCheck::name_constraints_effort, *path[below], place,
                   fmt::format("its {} names would be held against more than {} constraints", names.size(),
                               k_most_comparisons / std::max<std::size_t>(names.size(), 1)));
        return;
      }
      NameJudge judge(*path[below], place, *path[above], faults);
      for (const auto& name : names) judge.judge(name);
    }
  }
}

}  // namespace trunkform::x509::detail
