#pragma once
// Any number of bindings with everything around them, healthy and recorded: a test changes what it is about.
#include <deque>
#include <functional>
#include <string>

#include "planner/forecast/run_ahead.hpp"

namespace trunkform::forecast::test {

inline Instant at(const char* text) { return parse_rfc3339(text).value(); }
/// A Friday at noon.
inline const Instant k_start = at("2026-11-27T12:00:00Z");
constexpr Duration days(int count) { return std::chrono::hours(24 * count); }

ChainPtr leaf(const std::string& name, Instant begins, Instant ends);
Window window(std::vector<int> days, std::chrono::minutes start, Duration length, const std::string& timezone);

struct Fleet {
  explicit Fleet(Instant from, Instant to = {}) : start(from), end(to) {}

  struct Member {
    Binding binding;
    LiveTrunk trunk;
    std::optional<ResourceRecord> record;
    Offer offer;
    std::vector<Finding> findings;
    std::vector<Finding> live_findings;
    diff::TrunkLookup::Kind lookup = diff::TrunkLookup::Kind::found;
  };

  Instant start;
  Instant end;
  Renewal renewal{};
  Assumptions assumptions{};
  std::function<ReserveSlot()> pacing;
  std::deque<Member> members;

  /// A trunk named `name` that has, and whose own source offers, a certificate; one carrier, no pauses.
  Member& add(const std::string& name, Instant begins, Instant ends);
  /// The source of `member` offers this instead.
  static void offer(Member& member, Instant begins, Instant ends);

  Forecast run() const;
};

/// The rotations of one trunk, and its lapses.
std::vector<Rotation> rotations_of(const Scenario& scenario, std::size_t subject);
std::vector<Lapse> lapses_of(const Scenario& scenario, std::size_t subject);

}  // namespace trunkform::forecast::test
