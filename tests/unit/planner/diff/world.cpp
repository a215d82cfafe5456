#include "tests/unit/planner/diff/world.hpp"

#include <algorithm>
#include <random>

#include <fmt/format.h>

namespace trunkform::diff::test {

Fingerprint fingerprint(const std::string& seed) {
  // Not a digest: only different for different seeds, and the same in every run.
  std::uint64_t state = 14695981039346656037ULL;
  for (const char c : seed) state = (state ^ static_cast<std::uint8_t>(c)) * 1099511628211ULL;
  std::mt19937_64 random(state);
  Fingerprint result;
  for (auto& byte : result.bytes) byte = static_cast<std::uint8_t>(random());
  return result;
}

CertificatePtr certificate(const std::string& name, Instant begins, Instant ends) {
  auto facts = std::make_shared<CertificateFacts>();
  facts->fingerprint =
      fingerprint(fmt::format("{}/{}/{}", name, begins.time_since_epoch().count(), ends.time_since_epoch().count()));
  facts->subject = "CN=" + name;
  facts->not_before = begins;
  facts->not_after = ends;
  return facts;
}

ChainPtr chain(std::vector<CertificatePtr> certificates) {
  auto facts = std::make_shared<ChainFacts>();
  std::string all;
  for (const auto& each : certificates) all += to_hex(each->fingerprint);
  facts->identity = {certificates.front()->fingerprint, fingerprint(all)};
  facts->certificates = std::move(certificates);
  return facts;
}

ChainPtr leaf(const std::string& name, Duration left, Duration lifetime) {
  return chain({certificate(name, k_now + left - lifetime, k_now + left)});
}

ChainPtr with_intermediate(const ChainPtr& leaf_chain, Instant intermediate_ends, const std::string& name) {
  auto certificates = leaf_chain->certificates;
  certificates.push_back(certificate(name, k_now - days(1000), intermediate_ends));
  return chain(std::move(certificates));
}

PathFacts trusted_until(Instant effective_expiry) {
  PathFacts path;
  path.trusted = true;
  path.effective_expiry = effective_expiry;
  return path;
}

Finding block(const std::string& rule) { return {rule, Verdict::block, "RFC 0000 §0", "it is broken", "mend it"}; }

Address address(const std::string& name) { return {{}, "genesys_trunk_certificate", name, {}}; }

World::World() {
  binding.address = address("a");
  binding.trunk = TrunkByName{"Trunk A"};
  binding.certificate = "certificate.pem_files.a";
  binding.locator = Locator{"pem_files", {{"chain", "a.pem"}, {"private_key", "a.key"}}};
  trunks.push_back({{"id-a"}, "Trunk A", "1", "active", Sighting::nothing()});
  const auto live = leaf("live", days(80));
  set_live(live);
  set_offer(live);
}

ResourceRecord World::recorded(const ChainPtr& recorded_chain) const {
  ResourceRecord result;
  result.address = binding.address;
  result.trunk_id = {"id-a"};
  result.trunk_name = "Trunk A";
  result.chain = recorded_chain;
  result.locator = binding.locator;
  result.version = VersionId{"v-old"};
  result.bound_at = k_now - days(10);
  return result;
}

void World::set_live(const ChainPtr& live, bool is_recorded) {
  trunks[0].certificate = Sighting::of(live);
  record.reset();
  if (is_recorded) record = recorded(live);
}

void World::set_offer(const ChainPtr& offered) {
  offer = {};
  offer.kind = Offer::Kind::certificate;
  offer.chain = offered;
  offer.version = VersionId{"v-new"};
  offer.path = trusted_until(offered->least_not_after());
}

void World::set_pending() {
  offer = {};
  offer.kind = Offer::Kind::pending;
}

void World::set_unreachable() {
  offer = {};
  offer.kind = Offer::Kind::unreachable;
  offer.error = Error(ErrorCode::unavailable, "a.pem cannot be read");
}

DiffInput World::input() const {
  m_index.emplace(trunks);
  const auto* prior = record ? &*record : nullptr;
  DiffInput result{.binding = binding, .offer = offer, .trunk = m_index->look_up(binding.trunk, prior), .now = now};
  result.prior = prior;
  result.open_intent = intent ? &*intent : nullptr;
  result.served = served;
  result.observed_path = observed_path ? &*observed_path : nullptr;
  result.findings = &findings;
  result.live_findings = &live_findings;
  result.stored_versions = stored_versions ? &*stored_versions : nullptr;
  result.organisation = organisation;
  result.pinned_organisation = pinned;
  result.bound_twice = bound_twice;
  result.owned_elsewhere = owned_elsewhere;
  result.paced_until = paced_until;
  result.overrides = overrides;
  return result;
}

void World::apply(const PlannedChange& change) {
  if (change.gate != Gate::none || change.action == Action::no_op) return;
  auto next = recorded(change.after);
  if (record) {
    next.history = record->history;
    next.history.insert(next.history.begin(), {record->chain, record->locator, record->version, record->bound_at, ""});
  }
  next.locator = binding.locator;
  next.version = change.version;
  record = next;
  if (change.action != Action::adopt) {
    trunks[0].certificate = Sighting::of(change.after);
    live_findings = findings;
    observed_path = offer.path;
  }
  intent.reset();
  overrides.replace = false;
}

bool has_note(const PlannedChange& change, const std::string& part) {
  return std::any_of(change.notes.begin(), change.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

bool has_hint(const PlannedChange& change, const std::string& part) {
  return change.error && std::any_of(change.error->hints.begin(), change.error->hints.end(),
                                     [&](const std::string& hint) { return hint.find(part) != std::string::npos; });
}

std::string fingerprint_of(const PlannedChange& change) {
  const auto time = [](const std::optional<Instant>& instant) {
    return instant ? to_rfc3339(*instant) : std::string("-");
  };
  auto text =
      fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {}", to_string(change.address), to_string(change.action),
                  to_string(change.cause), to_string(change.health), to_string(change.relation), to_string(change.gate),
                  to_string(change.evidence), change.trunk_name, time(change.effective_expiry), time(change.not_before),
                  time(change.deadline), time(change.rotates_on), change.awaiting_source, change.no_way_back);
  text += change.error ? " " + to_line(*change.error) : "";
  for (const auto& drift : change.drift) text += " drift: " + drift.message;
  for (const auto& note : change.notes) text += " note: " + note;
  return text;
}

}  // namespace trunkform::diff::test
