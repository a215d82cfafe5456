#include "tests/unit/state/state_fixture.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "schemas/codec/digest.hpp"

namespace trunkform::testing {

Instant at(int seconds) { return Instant(std::chrono::seconds(1'764'000'000 + seconds)); }

Address address_of(const std::string& name) { return {{}, "genesys_trunk_certificate", name, {}}; }

ChainPtr chain_named(const std::string& name) {
  CertificateFacts facts;
  facts.fingerprint = sha256("leaf " + name);
  facts.subject = "CN=" + name;
  facts.issuer = "CN=CA";
  facts.serial = "01";
  facts.not_before = at(-1000);
  facts.not_after = at(1'000'000);
  facts.signature_algorithm = "ecdsa-with-SHA256";
  auto chain = std::make_shared<ChainFacts>();
  chain->certificates = {std::make_shared<const CertificateFacts>(facts)};
  chain->identity = {facts.fingerprint, sha256("chain " + name)};
  return chain;
}

ResourceRecord record_of(const std::string& name, const std::string& chain, const std::string& trunk) {
  ResourceRecord record;
  record.address = address_of(name);
  record.trunk_id = {trunk.empty() ? "trunk-" + name : trunk};
  record.trunk_name = name;
  record.chain = chain_named(chain);
  record.locator = {"pem_files", {{"chain", chain + ".pem"}}};
  record.bound_at = at(0);
  return record;
}

Event event_of(Sequence sequence, EventBody body) {
  Event event;
  event.sequence = sequence;
  event.time = at(static_cast<int>(sequence));
  event.run = "run";
  event.actor = "ops@host";
  event.body = std::move(body);
  return event;
}

Intent intent_of(const std::string& name, const std::string& chain) {
  return {address_of(name), {"trunk-" + name}, std::nullopt, record_of(name, chain), {}};
}

Outcome committed(const std::string& name, const std::string& chain) {
  return {address_of(name), OutcomeKind::committed, record_of(name, chain), {}, ""};
}

Identity identity_in(const StateDocument& document, const std::string& name) {
  const auto found = document.resources.find(address_of(name));
  return found == document.resources.end() ? Identity{} : found->second.chain->identity;
}

LockInfo lock_info(const std::string& id) {
  LockInfo info;
  info.id = id;
  info.operation = "apply";
  info.who = "ops@host (pid 7)";
  info.version = "0.1.0";
  info.created = at(0);
  return info;
}

Process::Process(FileSystem& files, std::uint64_t seed) : clock(at(0)), random(seed) {
  backend = state::open_local(files, clock, random, k_folder).value();
}

StateDocument numbered_document(std::uint64_t serial, std::string lineage) {
  StateDocument document;
  document.lineage = std::move(lineage);
  document.serial = serial;
  return document;
}

std::string example_of(const std::string& page, const std::string& language) {
  std::ifstream file("docs/formats/" + page);
  std::stringstream text;
  text << file.rdbuf();
  const auto bytes = text.str();
  const auto open = "```" + language + "\n";
  const auto start = bytes.find(open);
  const auto end = bytes.find("```", start + open.size());
  if (start == std::string::npos || end == std::string::npos)
    throw std::runtime_error("docs/formats/" + page + " has no example in " + language);
  return bytes.substr(start + open.size(), end - start - open.size());
}

Lease Process::acquire(const std::string& id) const {
  auto lease = backend.lock->acquire(context, lock_info(id));
  if (!lease) throw std::runtime_error(to_line(lease.error()));
  return *lease;
}

Result<Sequence> Process::append(const Lease& lease, std::vector<EventBody> bodies) const {
  const auto end = TRY(backend.log->read(context, 0)).last;
  std::vector<Event> events;
  for (auto& body : bodies) events.push_back(event_of(0, std::move(body)));
  return backend.log->append(context, lease.fence, end + 1, events);
}

Result<StateToken> Process::apply(const std::vector<std::pair<std::string, std::string>>& changes,
                                  const std::string& id) {
  auto lease = TRY(backend.lock->acquire(context, lock_info(id)));
  const auto before = TRY(backend.store->load(context));
  auto token = before ? before->token : StateToken{"lineage", 0};
  for (const auto& [name, chain] : changes) {
    TRY(append(lease, {intent_of(name, chain)}));
    TRY(append(lease, {committed(name, chain)}));
  }
  token = TRY(backend.store->commit(context, lease.fence, token, {}));
  TRY(backend.lock->release(context, std::move(lease)));
  return token;
}

}  // namespace trunkform::testing
