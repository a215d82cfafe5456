#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "planner/rules/checks.hpp"

namespace trunkform::rules::checks {
namespace {

using std::chrono::days;
using namespace std::chrono_literals;

/// While planning, what is too young waits for its `not_before`.
std::optional<Verdict> while_planning(const RuleInput& input) {
  return input.moment == Moment::planning ? std::optional(Verdict::warn) : std::nullopt;
}

struct LifetimeLimit {
  std::chrono::sys_days from;
  days most;
};

// CA/Browser Forum ballot SC-081v3: by the certificate's notBefore.
constexpr std::array k_limits{LifetimeLimit{std::chrono::sys_days(std::chrono::year(2029) / 3 / 15), days(47)},
                              LifetimeLimit{std::chrono::sys_days(std::chrono::year(2027) / 3 / 15), days(100)},
                              LifetimeLimit{std::chrono::sys_days(std::chrono::year(2026) / 3 / 15), days(200)},
                              LifetimeLimit{std::chrono::sys_days(std::chrono::year(2020) / 9 / 1), days(398)}};

}  // namespace

Outcome certificate_expired(const RuleInput& input) {
  const auto& leaf = input.chain->leaf();
  // notAfter is the last second that counts, all of it (RFC 5280 §4.1.2.5).
  if (std::chrono::floor<std::chrono::seconds>(input.now) <= leaf.not_after) return std::nullopt;
  return Broken{fmt::format("certificate expired: {} ended at {}, {} ago", named(leaf), to_rfc3339(leaf.not_after),
                            to_words(input.now - leaf.not_after)),
                "renew it at its authority; peers answer `certificate expired` to every call"};
}

Outcome certificate_not_yet_valid(const RuleInput& input) {
  const auto& leaf = input.chain->leaf();
  if (input.now >= leaf.not_before) return std::nullopt;
  return Broken{fmt::format("{} begins at {}, in {}", named(leaf), to_rfc3339(leaf.not_before),
                            to_words(leaf.not_before - input.now)),
                "wait until then, and compare this machine's clock with the authority's", while_planning(input)};
}

Outcome certificate_too_young(const RuleInput& input) {
  const auto since = input.since.value_or(input.chain->leaf().not_before);
  if (input.now < since || input.now >= since + input.min_age) return std::nullopt;
  return Broken{fmt::format("{} is {} old, and min_age asks for {}", named(input.chain->leaf()),
                            to_words(input.now - since), to_string(input.min_age)),
                fmt::format("it may be used from {} on; peers whose clocks run late refuse it before",
                            to_rfc3339(since + input.min_age)),
                while_planning(input)};
}

Outcome path_ends_first(const RuleInput& input) {
  const auto& certificates =
      input.path != nullptr && !input.path->path.empty() ? input.path->path : input.chain->certificates;
  const auto first = std::min_element(certificates.begin(), certificates.end(),
                                      [](const auto& a, const auto& b) { return a->not_after < b->not_after; });
  const auto& leaf = input.chain->leaf();
  if ((*first)->not_after >= leaf.not_after) return std::nullopt;
  return Broken{fmt::format("{} ends at {}, before the leaf ({}): that is the effective expiry", named(**first),
                            to_rfc3339((*first)->not_after), to_rfc3339(leaf.not_after)),
                "ask the authority for a chain by a newer intermediate, and rotate before the earlier date"};
}

Outcome lifetime_above_limit(const RuleInput& input) {
  const auto& leaf = input.chain->leaf();
  const auto* const limit = std::find_if(
      k_limits.begin(), k_limits.end(), [&](const LifetimeLimit& one) { return leaf.not_before >= Instant(one.from); });
  // notAfter is included in the lifetime, so that a certificate of exactly the limit has a second to spare.
  const auto lifetime = leaf.not_after - leaf.not_before + 1s;
  if (limit == k_limits.end() || lifetime <= limit->most + 1s) return std::nullopt;
  return Broken{
      fmt::format("{} lives {}, and a public authority may issue {} at most", named(leaf),
                  to_words(leaf.not_after - leaf.not_before), to_words(limit->most)),
      "expect peers with public trust stores to refuse it; for a private authority this is no more than a remark"};
}

}  // namespace trunkform::rules::checks
