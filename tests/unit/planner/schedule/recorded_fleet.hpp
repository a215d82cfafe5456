#pragma once
// Trunks that are configured, planned and recorded: what the tests of open soaks and failed chains share. By default
// each was bound at `k_bound` on carrier "a", has a port to look at, and soaks for ten minutes.
#include <map>
#include <string>
#include <vector>

#include "schemas/model/plan.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::testing {

inline const Instant k_bound = parse_rfc3339("2026-11-24T12:00:00Z").value();
inline constexpr auto k_soak = std::chrono::minutes(10);

inline ChainPtr chain(std::uint8_t number) {
  auto facts = std::make_shared<ChainFacts>();
  facts->identity.leaf.bytes[0] = number;
  facts->identity.chain.bytes[0] = number;
  facts->certificates.push_back(std::make_shared<CertificateFacts>());
  return facts;
}

inline LastLook look(CheckVerdict verdict, Duration after) {
  LastLook look;
  look.verdict = verdict;
  look.at = k_bound + after;
  return look;
}

struct Fleet {
  std::vector<Binding> bindings;
  std::map<Address, ResourceRecord> records;

  static Address address(const std::string& name) { return {{}, "genesys_trunk_certificate", name, {}}; }

  Binding& configure(const std::string& name, const std::string& carrier = "a") {
    Binding binding;
    binding.address = address(name);
    binding.carrier.edit().label = carrier;
    binding.rollout.edit().soak = k_soak;
    binding.verify.edit().tls.emplace();
    return bindings.emplace_back(std::move(binding));
  }
  /// As a run left it that bound it, saw it behind its port, and did not wait.
  ResourceRecord& bind(const std::string& name, std::uint8_t number = 1) {
    ResourceRecord record;
    record.address = address(name);
    record.trunk_id = TrunkId{"id of " + name};
    record.chain = chain(number);
    record.bound_at = k_bound;
    record.plan = "sha256:of-a-plan";
    record.look = look(CheckVerdict::pass, {});
    return records[record.address] = std::move(record);
  }
  /// What a plan says of a trunk that has what is recorded.
  static PlannedChange nothing_to_do(const Binding& binding, std::uint8_t live = 1) {
    PlannedChange change;
    change.address = binding.address;
    change.action = Action::no_op;
    change.health = Health::healthy;
    change.binding = binding;
    change.trunk_id = TrunkId{"id of " + binding.address.name};
    change.before = chain(live);
    return change;
  }
  static PlannedChange update(const Binding& binding, std::uint8_t to = 1) {
    auto change = nothing_to_do(binding, 99);
    change.action = Action::update;
    change.after = chain(to);
    change.effective_expiry = k_bound + std::chrono::hours(24 * 30);
    return change;
  }
};

}  // namespace trunkform::testing
