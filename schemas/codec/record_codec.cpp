#include "schemas/codec/record_codec.hpp"

#include <algorithm>

#include "schemas/codec/certificate_codec.hpp"
#include "schemas/codec/enum_codec.hpp"

namespace trunkform::codec {
namespace {

/// By fingerprint, so that the same content always gives the same bytes.
template <class Map>
auto sorted_entries(const Map& map) {
  std::vector<typename Map::const_pointer> entries;
  entries.reserve(map.size());
  for (const auto& entry : map) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(), [](auto* left, auto* right) { return left->first < right->first; });
  return entries;
}

void write_chain_reference(JsonWriter& out, const ChainPtr& chain) {
  out.key("chain");
  if (chain) {
    out.value(chain->identity.chain);
  } else {
    out.null();
  }
}

void write_version(JsonWriter& out, const std::optional<VersionId>& version) {
  if (version) out.member("version", std::string_view(version->value));
}

std::optional<VersionId> read_version(JsonObject& object) {
  const auto found = object.optional("version");
  if (!found) return std::nullopt;
  return VersionId{found->text()};
}

void write_history(JsonWriter& out, const std::vector<HistoryEntry>& history) {
  if (history.empty()) return;
  out.key("history");
  out.begin_array();
  for (const auto& entry : history) {
    out.begin_object();
    write_chain_reference(out, entry.chain);
    write_locator(out, entry.locator);
    write_version(out, entry.version);
    out.member("bound_at", entry.bound_at);
    out.member_unless_empty("plan", entry.plan);
    out.end_object();
  }
  out.end_array();
}

HistoryEntry read_history_entry(const JsonValue& value, const ChainIndex& chains) {
  JsonObject object(value);
  HistoryEntry entry;
  entry.chain = chains.find(object.required("chain"));
  entry.locator = read_locator(object.required("locator"));
  entry.version = read_version(object);
  entry.bound_at = object.required("bound_at").instant();
  entry.plan = object.text_or_empty("plan");
  object.finish();
  return entry;
}

void write_quarantine(JsonWriter& out, const std::optional<Quarantine>& quarantine) {
  if (!quarantine) return;
  out.key("quarantine");
  out.begin_object();
  out.key("identity");
  write_identity(out, quarantine->identity);
  out.member("since", quarantine->since);
  out.member_unless_empty("reason", quarantine->reason);
  out.end_object();
}

Quarantine read_quarantine(const JsonValue& value) {
  JsonObject object(value);
  Quarantine quarantine;
  quarantine.identity = read_identity(object.required("identity"));
  quarantine.since = object.required("since").instant();
  quarantine.reason = object.text_or_empty("reason");
  object.finish();
  return quarantine;
}

void write_failure(JsonWriter& out, const std::optional<Failure>& failure) {
  if (!failure) return;
  out.key("failure");
  out.begin_object();
  out.member("since", failure->since);
  out.member_unless_empty("reason", failure->reason);
  out.member_unless_empty("status_before", failure->status_before);
  out.end_object();
}

Failure read_failure(const JsonValue& value) {
  JsonObject object(value);
  Failure failure;
  failure.since = object.required("since").instant();
  failure.reason = object.text_or_empty("reason");
  failure.status_before = object.text_or_empty("status_before");
  object.finish();
  return failure;
}

void write_look(JsonWriter& out, const std::optional<LastLook>& look) {
  if (!look) return;
  out.key("look");
  out.begin_object();
  out.member("verdict", to_string(look->verdict));
  out.member("at", look->at);
  out.member_unless_empty("by", look->by);
  out.member_unless_empty("evidence", look->evidence);
  out.member_if("recorded", look->recorded);
  out.member_if("settled", look->settled);
  out.end_object();
}

LastLook read_look(const JsonValue& value) {
  JsonObject object(value);
  LastLook look;
  look.verdict =
      read_enum(object.required("verdict"), {CheckVerdict::pass, CheckVerdict::fail, CheckVerdict::inconclusive});
  look.at = object.required("at").instant();
  look.by = object.text_or_empty("by");
  look.evidence = object.text_or_empty("evidence");
  look.recorded = object.flag_or_false("recorded");
  look.settled = object.flag_or_false("settled");
  object.finish();
  return look;
}

}  // namespace

void write_locator(JsonWriter& out, const Locator& locator, std::string_view key) {
  out.key(key);
  out.begin_object();
  out.member("type", std::string_view(locator.type));
  if (!locator.arguments.empty()) {
    out.key("arguments");
    out.begin_object();
    for (const auto& [name, value] : locator.arguments) out.member(name, std::string_view(value));
    out.end_object();
  }
  out.end_object();
}

Locator read_locator(const JsonValue& value) {
  JsonObject object(value);
  Locator locator;
  locator.type = object.required("type").text();
  if (const auto arguments = object.optional("arguments")) {
    for (const auto& [name, argument] : arguments->members()) {
      const auto inserted = locator.arguments.emplace(name, argument.text()).second;
      if (!inserted) argument.flaw("this argument is there twice");
    }
  }
  object.finish();
  return locator;
}

void ChainTable::add(const ChainPtr& chain) {
  if (!chain || !m_chains.emplace(chain->identity.chain, chain.get()).second) return;
  for (const auto& certificate : chain->certificates)
    m_certificates.emplace(certificate->fingerprint, certificate.get());
}

void ChainTable::add(const ResourceRecord& record) {
  add(record.chain);
  for (const auto& entry : record.history) add(entry.chain);
}

void ChainTable::add(const IssueRecord& record) {
  if (record.last) add(record.last->chain);
}

void ChainTable::write(JsonWriter& out) const { write(out, Layout::lines); }
void ChainTable::write_on_one_line(JsonWriter& out) const { write(out, Layout::one_line); }

void ChainTable::write(JsonWriter& out, Layout layout) const {
  if (layout == Layout::lines) out.line();
  out.key("certificates");
  out.begin_object();
  for (const auto* entry : sorted_entries(m_certificates)) {
    if (layout == Layout::lines) out.line();
    out.key(to_hex(entry->first));
    write_certificate(out, *entry->second);
  }
  out.end_object();
  if (layout == Layout::lines) out.line();
  out.key("chains");
  out.begin_object();
  for (const auto* entry : sorted_entries(m_chains)) {
    if (layout == Layout::lines) out.line();
    out.key(to_hex(entry->first));
    out.begin_array();
    for (const auto& certificate : entry->second->certificates) out.value(certificate->fingerprint);
    out.end_array();
  }
  out.end_object();
}

ChainIndex::ChainIndex(JsonObject& object) {
  const auto key_of = [](std::string_view key, const JsonValue& value) {
    const auto parsed = parse_fingerprint(key);
    if (!parsed) value.flaw("its key is not a SHA-256 fingerprint");
    return parsed.value_or(Fingerprint{});
  };
  for (const auto& [key, value] : object.required("certificates").members()) {
    const auto fingerprint = key_of(key, value);
    auto facts = std::make_shared<const CertificateFacts>(read_certificate(fingerprint, value));
    if (!m_certificates.emplace(fingerprint, std::move(facts)).second) value.flaw("this certificate is there twice");
  }
  for (const auto& [key, value] : object.required("chains").members()) {
    auto chain = std::make_shared<ChainFacts>();
    chain->identity.chain = key_of(key, value);
    for (const auto& reference : value.items()) {
      const auto found = m_certificates.find(reference.fingerprint());
      if (found == m_certificates.end()) {
        reference.flaw("this certificate is not in the table `certificates`");
        return;
      }
      chain->certificates.push_back(found->second);
    }
    if (chain->certificates.empty()) {
      value.flaw("a chain has at least one certificate");
      return;
    }
    chain->identity.leaf = chain->leaf().fingerprint;
    if (!m_chains.emplace(chain->identity.chain, chain).second) value.flaw("this chain is there twice");
  }
}

ChainPtr ChainIndex::find(const JsonValue& reference) const {
  const auto found = m_chains.find(reference.fingerprint());
  if (found != m_chains.end()) return found->second;
  reference.flaw("this chain is not in the table `chains`");
  return nullptr;
}

void write_identity(JsonWriter& out, const Identity& identity) {
  out.begin_object();
  out.member("leaf", identity.leaf);
  out.member("chain", identity.chain);
  out.end_object();
}

Identity read_identity(const JsonValue& value) {
  JsonObject object(value);
  Identity identity;
  identity.leaf = object.required("leaf").fingerprint();
  identity.chain = object.required("chain").fingerprint();
  object.finish();
  return identity;
}

Address read_address(const JsonValue& value) {
  if (value.failed()) return {};
  auto parsed = parse_address(value.view());
  if (parsed) return std::move(*parsed);
  value.flaw("expected an address like genesys_trunk_certificate.carrier_a[\"East\"]: " + to_line(parsed.error()));
  return {};
}

void write_record(JsonWriter& out, const ResourceRecord& record) {
  out.begin_object();
  out.member("address", std::string_view(to_string(record.address)));
  out.member("trunk_id", std::string_view(record.trunk_id.value));
  out.member_unless_empty("trunk_name", record.trunk_name);
  write_chain_reference(out, record.chain);
  if (record.as_read) {
    out.key("as_read");
    write_identity(out, *record.as_read);
  }
  write_locator(out, record.locator);
  write_version(out, record.version);
  out.member("bound_at", record.bound_at);
  out.member_unless_empty("plan", record.plan);
  write_history(out, record.history);
  write_quarantine(out, record.quarantine);
  write_failure(out, record.failure);
  write_look(out, record.look);
  out.member_if("prevent_destroy", record.prevent_destroy);
  out.end_object();
}

ResourceRecord read_record(const JsonValue& value, const ChainIndex& chains) {
  JsonObject object(value);
  ResourceRecord record;
  record.address = read_address(object.required("address"));
  record.trunk_id = TrunkId{object.required("trunk_id").text()};
  record.trunk_name = object.text_or_empty("trunk_name");
  record.chain = chains.find(object.required("chain"));
  if (const auto seen = object.optional("as_read")) record.as_read = read_identity(*seen);
  record.locator = read_locator(object.required("locator"));
  record.version = read_version(object);
  record.bound_at = object.required("bound_at").instant();
  record.plan = object.text_or_empty("plan");
  if (const auto history = object.optional("history")) {
    for (const auto& entry : history->items()) record.history.push_back(read_history_entry(entry, chains));
  }
  if (const auto quarantine = object.optional("quarantine")) record.quarantine = read_quarantine(*quarantine);
  if (const auto failure = object.optional("failure")) record.failure = read_failure(*failure);
  if (const auto look = object.optional("look")) record.look = read_look(*look);
  record.prevent_destroy = object.flag_or_false("prevent_destroy");
  object.finish();
  return record;
}

}  // namespace trunkform::codec
