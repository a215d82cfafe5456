#include "tests/unit/planner/forecast/fleet.hpp"

#include <fmt/format.h>

#include "schemas/codec/digest.hpp"

namespace trunkform::forecast::test {

ChainPtr leaf(const std::string& name, Instant begins, Instant ends) {
  auto facts = std::make_shared<CertificateFacts>();
  facts->fingerprint = sha256(fmt::format("{}/{}/{}", name, to_rfc3339(begins), to_rfc3339(ends)));
  facts->subject = "CN=" + name;
  facts->not_before = begins;
  facts->not_after = ends;
  auto chain = std::make_shared<ChainFacts>();
  chain->identity = {facts->fingerprint, facts->fingerprint};
  chain->certificates = {std::move(facts)};
  return chain;
}

Window window(std::vector<int> days, std::chrono::minutes start, Duration length, const std::string& timezone) {
  Window result;
  result.days = std::move(days);
  result.start = start;
  result.length = length;
  result.timezone = timezone;
  return result;
}

Fleet::Member& Fleet::add(const std::string& name, Instant begins, Instant ends) {
  auto& member = members.emplace_back();
  auto& binding = member.binding;
  binding.address = {{}, "genesys_trunk_certificate", name, {}};
  binding.trunk = TrunkByName{"Trunk " + name};
  binding.certificate = "certificate.pem_files." + name;
  binding.locator = Locator{"pem_files", {{"chain", name + ".pem"}}};
  binding.carrier.edit().label = "a";
  binding.rollout.edit().canary = 0;
  binding.rollout.edit().stagger = Duration::zero();
  binding.rollout.edit().soak = Duration::zero();
  const auto live = leaf(name, begins, ends);
  member.trunk = {{"id-" + name}, "Trunk " + name, "1", "active", Sighting::of(live)};
  member.record.emplace();
  member.record->address = binding.address;
  member.record->trunk_id = member.trunk.id;
  member.record->trunk_name = member.trunk.name;
  member.record->chain = live;
  member.record->locator = binding.locator;
  offer(member, begins, ends);
  return member;
}

void Fleet::offer(Member& member, Instant begins, Instant ends) {
  auto& offer = member.offer;
  offer = {};
  offer.kind = Offer::Kind::certificate;
  offer.chain = leaf(member.binding.address.name, begins, ends);
  offer.path.trusted = true;
  offer.path.effective_expiry = ends;
}

Forecast Fleet::run() const {
  Input input;
  input.start = start;
  input.end = end == Instant{} ? start + days(400) : end;
  input.renewal = renewal;
  input.assumptions = assumptions;
  input.pacing = pacing;
  for (const auto& member : members) {
    diff::DiffInput one{.binding = member.binding, .offer = member.offer, .trunk = {}, .now = start};
    one.trunk.kind = member.lookup;
    if (member.lookup == diff::TrunkLookup::Kind::found) one.trunk.trunk = &member.trunk;
    one.prior = member.record ? &*member.record : nullptr;
    if (member.offer.chain && member.trunk.certificate.chain &&
        member.offer.chain->identity == member.trunk.certificate.chain->identity)
      one.observed_path = &member.offer.path;
    one.findings = &member.findings;
    one.live_findings = &member.live_findings;
    input.bindings.push_back(std::move(one));
  }
  diff::find_rivals(input.bindings);
  std::vector<Binding> bindings;
  std::map<Address, ResourceRecord> records;
  for (const auto& member : members) {
    bindings.push_back(member.binding);
    if (member.record) records.emplace(member.binding.address, *member.record);
  }
  const schedule::FailedChains failed(bindings, records);
  const schedule::ProvenChains proven;
  input.leftovers.emplace(Leftovers{failed, proven, records});
  return run_ahead(input);
}

std::vector<Rotation> rotations_of(const Scenario& scenario, std::size_t subject) {
  std::vector<Rotation> result;
  for (const auto& rotation : scenario.rotations)
    if (rotation.subject == subject) result.push_back(rotation);
  return result;
}

std::vector<Lapse> lapses_of(const Scenario& scenario, std::size_t subject) {
  std::vector<Lapse> result;
  for (const auto& lapse : scenario.lapses)
    if (lapse.subject == subject) result.push_back(lapse);
  return result;
}

}  // namespace trunkform::forecast::test
