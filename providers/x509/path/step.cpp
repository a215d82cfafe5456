#include "providers/x509/path/step.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace trunkform::x509::detail {

void Faults::add(PathCheck check, const Step& step, const Place& place, std::string what) {
  const auto force = place.is_anchor ? info(check).anchor : info(check).below;
  const auto verdict = force == CheckForce::always || m_as_web ? Verdict::block : Verdict::warn;
  m_faults.push_back({check, verdict, place.depth, step.facts->subject, std::move(what)});
}

void Faults::add(std::vector<PathFault> others) {
  m_faults.insert(m_faults.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
}

bool Faults::block() const {
  return std::any_of(m_faults.begin(), m_faults.end(), [](const auto& one) { return one.verdict == Verdict::block; });
}

std::vector<PathFault> Faults::take() && {
  std::stable_sort(m_faults.begin(), m_faults.end(), [](const PathFault& a, const PathFault& b) {
    return std::tie(a.check, a.depth) < std::tie(b.check, b.depth);
  });
  return std::move(m_faults);
}

}  // namespace trunkform::x509::detail
