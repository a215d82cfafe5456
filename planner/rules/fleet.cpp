#include "planner/rules/fleet.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "schemas/model/some_of.hpp"

namespace trunkform::rules {
namespace {

constexpr std::size_t k_shown = 3;

struct Cluster {
  std::size_t size = 0;
  Finding finding;
};

std::vector<Cluster> shared_certificates(const std::vector<FleetMember>& members, const FleetLimits& limits) {
  std::map<Fingerprint, std::vector<const FleetMember*>> by_leaf;
  for (const auto& member : members) by_leaf[member.chain->identity.leaf].push_back(&member);
  std::vector<Cluster> clusters;
  for (const auto& [leaf, sharing] : by_leaf) {
    if (sharing.size() <= limits.trunks_per_certificate) continue;
    std::vector<std::string> addresses;
    for (const auto* member : sharing) addresses.push_back(member->address);
    clusters.push_back(
        {sharing.size(),
         {"shared_certificate", Verdict::warn, "blast radius",
          fmt::format("one certificate ('{}', serial {}) is on {} trunks: {}", sharing.front()->chain->leaf().subject,
                      sharing.front()->chain->leaf().serial, sharing.size(), some_of(addresses, k_shown)),
          "its loss or expiry ends all of their calls: give each carrier a certificate of its own"}});
  }
  return clusters;
}

std::vector<Cluster> expiry_clusters(const std::vector<FleetMember>& members, const FleetLimits& limits) {
  struct Day {
    std::set<Fingerprint> leaves;
    std::vector<std::string> addresses;
  };
  std::map<std::chrono::sys_days, Day> by_day;
  for (const auto& member : members) {
    auto& day = by_day[std::chrono::floor<std::chrono::days>(member.effective_expiry)];
    day.leaves.insert(member.chain->identity.leaf);
    day.addresses.push_back(member.address);
  }
  std::vector<Cluster> clusters;
  for (const auto& [date, day] : by_day) {
    if (day.leaves.size() <= limits.expiries_per_day) continue;
    clusters.push_back({day.addresses.size(),
                        {"expiry_cluster", Verdict::warn, "blast radius",
                         fmt::format("{} certificates end on {}, on {} trunks: {}", day.leaves.size(), to_date(date),
                                     day.addresses.size(), some_of(day.addresses, k_shown)),
                         "renew some of them earlier, so that one missed renewal does not end every call on one day"}});
  }
  return clusters;
}

}  // namespace

std::vector<Finding> judge_fleet(const std::vector<FleetMember>& members, const FleetLimits& limits) {
  auto clusters = shared_certificates(members, limits);
  for (auto& cluster : expiry_clusters(members, limits)) clusters.push_back(std::move(cluster));
  std::stable_sort(clusters.begin(), clusters.end(),
                   [](const Cluster& a, const Cluster& b) { return a.size > b.size; });
  std::vector<Finding> findings;
  findings.reserve(clusters.size());
  for (auto& cluster : clusters) findings.push_back(std::move(cluster.finding));
  return findings;
}

}  // namespace trunkform::rules
