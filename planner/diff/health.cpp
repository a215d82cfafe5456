#include <algorithm>
#include <array>

#include "planner/diff/rules_broken.hpp"
#include "planner/diff/steps.hpp"
#include "planner/schedule/threshold.hpp"

namespace trunkform::diff {
namespace {

/// Worst first. A broken rule is worse than being due: it is wrong now.
constexpr std::array k_worst_first = {Health::expired, Health::critical, Health::rule_violated,
                                      Health::due,     Health::unknown,  Health::healthy};

Health worse(Health one, Health other) {
  return *std::find_if(k_worst_first.begin(), k_worst_first.end(), [&](Health h) { return h == one || h == other; });
}

Health health_by_time(bool expired, bool critical, bool due) {
  if (expired) return Health::expired;
  if (critical) return Health::critical;
  return due ? Health::due : Health::healthy;
}

Health health_by_time(const ChainFacts& chain, Instant expiry, const RotatePolicy& rotate, Instant now) {
  const auto lifetime = chain.lifetime();
  return health_by_time(schedule::is_expired(expiry, now), schedule::is_critical(lifetime, expiry, rotate, now),
                        schedule::is_due(lifetime, expiry, rotate, now));
}

/// Of what the port serves, where that is another certificate than the API shows.
Health health_of_served(const Situation& situation) {
  const auto& served = situation.input.served;
  if (!served || !served->is_certificate() || situation.observed.evidence != Evidence::api) return Health::healthy;
  if (situation.has_live() && situation.observed.chain->identity.leaf == served->chain->identity.leaf)
    return Health::healthy;
  return health_by_time(*served->chain, effective_expiry(*served->chain, nullptr), situation.binding().rotate,
                        situation.input.now);
}

}  // namespace

bool breaks_a_rule(const std::vector<Finding>* live) { return breaks_a_rule_kept_by(live, nullptr); }

bool breaks_a_rule_kept_by(const std::vector<Finding>* live, const std::vector<Finding>* offered) {
  if (live == nullptr) return false;
  const auto blocked_by = [&](const std::string& rule) {
    return offered != nullptr && std::any_of(offered->begin(), offered->end(), [&](const Finding& finding) {
             return finding.rule == rule && finding.verdict == Verdict::block;
           });
  };
  return std::any_of(live->begin(), live->end(), [&](const Finding& finding) {
    return finding.verdict == Verdict::block && !blocked_by(finding.rule);
  });
}

Health health_once_bound(const ChainFacts& chain, Instant expiry, const RotatePolicy& rotate, Seen seen, Instant now) {
  const auto health = health_by_time(chain, expiry, rotate, now);
  return seen == Seen::yes ? health : worse(health, Health::unknown);
}

Health health_of(const Situation& situation) {
  if (!situation.has_live()) return worse(Health::unknown, health_of_served(situation));
  auto health = health_by_time(situation.expired, situation.critical, situation.due);
  if (breaks_a_rule(situation.input.live_findings)) health = worse(health, Health::rule_violated);
  // What state remembers may alarm, never reassure.
  if (!situation.observed.seen()) health = worse(health, Health::unknown);
  return worse(health, health_of_served(situation));
}

}  // namespace trunkform::diff
