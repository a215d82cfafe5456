#pragma once
// A certificate source whose future is assumed: what it offers now, then one successor after another.
#include <map>
#include <optional>
#include <vector>

#include "planner/diff/input.hpp"
#include "planner/forecast/forecast.hpp"

namespace trunkform::forecast {

class VirtualSource {
 public:
  /// What a source is assumed to offer from `since` on.
  struct Generation {
    Offer offer;
    Instant since{};
  };

  /// `offered` as one of its bindings sees it; `due` is when the first of its bindings needs a successor of that.
  VirtualSource(const Offer& offered, const Renewal& renewal, Instant start, std::optional<Instant> due);

  /// 0: what is offered now.
  std::size_t generation_at(Instant at) const;
  std::optional<Instant> next_renewal(Instant after) const;
  /// Precondition: above 0. Made once, then shared.
  const Generation& generation(std::size_t number);
  /// The first renewal was expected before the start.
  bool is_late() const { return m_late; }
  std::optional<Instant> expected() const { return m_expected; }
  std::optional<Instant> first_renewal() const { return m_first; }

 private:
  ChainPtr m_offered;
  Capability m_capability = Capability::opaque;
  Duration m_lifetime{};
  Duration m_interval{};  ///< from one renewal to the next
  std::optional<Instant> m_expected;
  std::optional<Instant> m_first;  ///< none: it never renews
  bool m_late = false;
  std::map<std::size_t, Generation> m_made;
};

}  // namespace trunkform::forecast
