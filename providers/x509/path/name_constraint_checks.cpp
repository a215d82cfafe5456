#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <openssl/objects.h>

#include "providers/x509/path/checks.hpp"
#include "providers/x509/path/name_constraints.hpp"

namespace trunkform::x509::detail {
namespace {

/// What OpenSSL takes for a DNS name: letters, digits, hyphens and underscores in two labels or more. An address is
/// one.
bool is_like_dns_name(std::string_view text) {
  bool dotted = false;
  char before = '.';
  for (const char one : text) {
    const bool inner = std::isalnum(static_cast<unsigned char>(one)) != 0 || one == '_';
    const bool at_edge = before == '.' || before == '-';
    if (!inner && (one == '.' ? at_edge : one != '-' || before == '.')) return false;
    dotted = dotted || one == '.';
    before = one;
  }
  return dotted && before != '.' && before != '-';
}

struct ConstrainedName {
  GeneralForm form;
  std::string_view word = "name";
};

/// All to which constraints apply: the alternative names, the subject, and its e-mail addresses. RFC 5280 §4.2.1.10
/// looks at those where there is no subjectAltName; OpenSSL, which most peers are, always does. And where no
/// alternative name of the leaf is a DNS name, it holds common names that look like one against the constraints on
/// those; web clients look at none (RFC 9525 §2).
std::vector<ConstrainedName> names_of(const Reading& reading, bool with_common_names) {
  std::vector<ConstrainedName> names;
  bool with_dns = false;
  for (const auto& name : reading.names ? reading.names->names : std::vector<GeneralForm>()) {
    with_dns = with_dns || name.kind == FormKind::dns;
    names.push_back({name});
  }
  for (auto& address : reading.subject.values_of(NID_pkcs9_emailAddress))
    names.push_back({{FormKind::email, std::move(address), {}}});
  if (!reading.subject.empty()) names.push_back({{FormKind::directory, "", reading.subject}});
  if (with_dns || !with_common_names) return names;
  for (auto& common_name : reading.subject.values_of(NID_commonName))
    if (is_like_dns_name(common_name)) names.push_back({{FormKind::dns, std::move(common_name), {}}, "common name"});
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

  void judge(const ConstrainedName& constrained) {
    const auto& [name, word] = constrained;
    const bool some_permitted = has_kind(m_constraints.permitted, name.kind);
    const bool some_excluded = has_kind(m_constraints.excluded, name.kind);
    if (!some_permitted && !some_excluded) return;
    if (!is_comparable(name.kind) || !can_be_placed(name)) {
      add(some_permitted ? PathCheck::names_permitted : PathCheck::names_excluded,
          fmt::format("its {} {} cannot be held against the constraints of '{}'{}", word, described(name), m_authority,
                      name.kind == FormKind::uri ? ": a URI needs // and a host for that" : ""));
      return;
    }
    if (some_permitted && !is_any(m_constraints.permitted, name, is_inside)) {
      add(PathCheck::names_permitted,
          fmt::format("its {} {} is none that '{}' permits", word, described(name), m_authority));
    }
    if (is_any(m_constraints.excluded, name, touches)) {
      add(PathCheck::names_excluded, fmt::format("its {} {} is excluded by '{}'", word, described(name), m_authority));
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
void check_name_constraints(const Steps& path, const Demands& demands, Faults& faults) {
  std::size_t comparisons = 0;
  for (std::size_t above = path.size() - 1; above > 0; --above) {
    const auto& constraints = path[above]->reading().name_constraints;
    if (!constraints) continue;
    for (std::size_t below = above; below-- > 0;) {
      // RFC 5280 §6.1.3 (b): not to self-issued ones, unless it is the last, the leaf.
      if (below != 0 && path[below]->reading().self_issued) continue;
      const auto place = place_in(path, below);
      const auto names = names_of(path[below]->reading(), below == 0 && !demands.as_web);
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
