#include "schemas/codec/event_body_codec.hpp"

#include <array>

#include "schemas/codec/issue_event_codec.hpp"
#include "schemas/codec/record_codec.hpp"

namespace trunkform::codec {
namespace {

// One overload of `put` and one of `get` for each kind; the rest of this file finds them by type.

void put_address(JsonWriter& out, std::string_view key, const Address& address) { out.member(key, to_string(address)); }

void put_text(JsonWriter& out, std::string_view key, const std::string& text) { out.member_unless_empty(key, text); }

/// A record with the certificates that it names, so that a line says everything by itself.
void put_record(JsonWriter& out, const ResourceRecord& record) {
  ChainTable chains;
  chains.add(record);
  out.key("state");
  out.begin_object();
  chains.write_on_one_line(out);
  out.key("record");
  write_record(out, record);
  out.end_object();
}

ResourceRecord get_record(const JsonValue& value) {
  JsonObject object(value);
  const ChainIndex chains(object);
  auto record = read_record(object.required("record"), chains);
  object.finish();
  return record;
}

void put_identity(JsonWriter& out, std::string_view key, const std::optional<Identity>& identity) {
  if (!identity) return;
  out.key(key);
  write_identity(out, *identity);
}

std::optional<Identity> get_identity(JsonObject& object, std::string_view key) {
  const auto found = object.optional(key);
  if (!found) return std::nullopt;
  return read_identity(*found);
}

void put_check(JsonWriter& out, std::string_view key, const CheckResult& check) {
  if (check.verdict == CheckVerdict::not_configured && check.evidence.empty()) return;
  out.key(key);
  out.begin_object();
  out.member("verdict", to_string(check.verdict));
  put_text(out, "evidence", check.evidence);
  out.end_object();
}

CheckResult get_check(JsonObject& object, std::string_view key) {
  CheckResult check;
  const auto found = object.optional(key);
  if (!found) return check;
  JsonObject members(*found);
  const auto word = members.required("verdict");
  bool known = false;
  for (const auto verdict :
       {CheckVerdict::not_configured, CheckVerdict::pass, CheckVerdict::fail, CheckVerdict::inconclusive}) {
    if (to_string(verdict) != word.view()) continue;
    check.verdict = verdict;
    known = true;
  }
  if (!known) word.flaw("this is not a verdict");
  check.evidence = members.text_or_empty("evidence");
  members.finish();
  return check;
}

void put_verification(JsonWriter& out, const Verification& verification) {
  out.key("verification");
  out.begin_object();
  put_check(out, "accepted", verification.accepted);
  put_check(out, "served", verification.served);
  put_check(out, "settled", verification.settled);
  out.end_object();
}

Verification get_verification(JsonObject& object) {
  JsonObject members(object.required("verification"));
  Verification verification;
  verification.accepted = get_check(members, "accepted");
  verification.served = get_check(members, "served");
  verification.settled = get_check(members, "settled");
  members.finish();
  return verification;
}

void put(JsonWriter& out, const EpochOpened& body) {
  out.member("lock_id", std::string_view(body.lock_id));
  out.member("epoch", body.epoch);
  if (body.torn_bytes > 0) out.member("torn_bytes", body.torn_bytes);
}
void get(JsonObject& in, EpochOpened& body) {
  body.lock_id = in.required("lock_id").text();
  body.epoch = in.required("epoch").number();
  if (const auto torn = in.optional("torn_bytes")) body.torn_bytes = torn->number();
}

void put(JsonWriter& out, const RunStarted& body) {
  out.member("command", std::string_view(body.command));
  out.member("planned", body.planned);
  put_text(out, "reason", body.reason);
}
void get(JsonObject& in, RunStarted& body) {
  body.command = in.required("command").text();
  body.planned = in.required("planned").number();
  body.reason = in.text_or_empty("reason");
}

void put(JsonWriter& out, const RunFinished& body) {
  out.member("changed", body.changed);
  out.member("failed", body.failed);
  out.member("deferred", body.deferred);
  out.member_if("stopped", body.stopped);
}
void get(JsonObject& in, RunFinished& body) {
  body.changed = in.required("changed").number();
  body.failed = in.required("failed").number();
  body.deferred = in.required("deferred").number();
  body.stopped = in.flag_or_false("stopped");
}

void put(JsonWriter& out, const Intent& body) {
  put_address(out, "address", body.address);
  out.member("trunk_id", std::string_view(body.trunk_id.value));
  put_identity(out, "from", body.from);
  put_record(out, body.record);
  put_text(out, "status", body.status);
}
void get(JsonObject& in, Intent& body) {
  body.address = read_address(in.required("address"));
  body.trunk_id = TrunkId{in.required("trunk_id").text()};
  body.from = get_identity(in, "from");
  body.record = get_record(in.required("state"));
  body.status = in.text_or_empty("status");
}

void put(JsonWriter& out, const Patched& body) {
  put_address(out, "address", body.address);
  out.member_if("read_back", body.read_back);
  put_text(out, "correlation_id", body.correlation_id);
}
void get(JsonObject& in, Patched& body) {
  body.address = read_address(in.required("address"));
  body.read_back = in.flag_or_false("read_back");
  body.correlation_id = in.text_or_empty("correlation_id");
}

void put(JsonWriter& out, const ReadBack& body) {
  put_address(out, "address", body.address);
  put_identity(out, "live", body.live);
  put_text(out, "status", body.status);
}
void get(JsonObject& in, ReadBack& body) {
  body.address = read_address(in.required("address"));
  body.live = get_identity(in, "live");
  body.status = in.text_or_empty("status");
}

void put(JsonWriter& out, const Probed& body) {
  put_address(out, "address", body.address);
  put_verification(out, body.verification);
}
void get(JsonObject& in, Probed& body) {
  body.address = read_address(in.required("address"));
  body.verification = get_verification(in);
}

void put(JsonWriter& out, const Outcome& body) {
  put_address(out, "address", body.address);
  out.member("outcome", to_string(body.kind));
  if (body.record) put_record(out, *body.record);
  put_verification(out, body.verification);
  put_text(out, "message", body.message);
}
void get(JsonObject& in, Outcome& body) {
  body.address = read_address(in.required("address"));
  const auto word = in.required("outcome");
  bool known = false;
  for (const auto kind : {OutcomeKind::committed, OutcomeKind::not_committed, OutcomeKind::failed,
                          OutcomeKind::rolled_back, OutcomeKind::foreign}) {
    if (to_string(kind) != word.view()) continue;
    body.kind = kind;
    known = true;
  }
  if (!known) word.flaw("this is not an outcome");
  if (const auto record = in.optional("state")) body.record = get_record(*record);
  body.verification = get_verification(in);
  body.message = in.text_or_empty("message");
}

void put(JsonWriter& out, const Deferred& body) {
  put_address(out, "address", body.address);
  out.member("not_before", body.not_before);
}
void get(JsonObject& in, Deferred& body) {
  body.address = read_address(in.required("address"));
  body.not_before = in.required("not_before").instant();
}

void put(JsonWriter& out, const Adopted& body) {
  put_record(out, body.record);
  out.member_if("imported", body.imported);
}
void get(JsonObject& in, Adopted& body) {
  body.record = get_record(in.required("state"));
  body.imported = in.flag_or_false("imported");
}

void put(JsonWriter& out, const Forgotten& body) {
  put_address(out, "address", body.address);
  put_text(out, "why", body.why);
}
void get(JsonObject& in, Forgotten& body) {
  body.address = read_address(in.required("address"));
  body.why = in.text_or_empty("why");
}

void put(JsonWriter& out, const Moved& body) {
  put_address(out, "from", body.from);
  put_address(out, "to", body.to);
}
void get(JsonObject& in, Moved& body) {
  body.from = read_address(in.required("from"));
  body.to = read_address(in.required("to"));
}

void put(JsonWriter& out, const StateReplaced& body) {
  out.member("serial", body.serial);
  put_text(out, "why", body.why);
}
void get(JsonObject& in, StateReplaced& body) {
  body.serial = in.required("serial").number();
  body.why = in.text_or_empty("why");
}

void put(JsonWriter& out, const LockBroken& body) {
  out.member("lock_id", std::string_view(body.lock_id));
  put_text(out, "holder", body.holder);
}
void get(JsonObject& in, LockBroken& body) {
  body.lock_id = in.required("lock_id").text();
  body.holder = in.text_or_empty("holder");
}

void put(JsonWriter& out, const ReplaceAsked& body) {
  out.member("address", std::string_view(to_string(body.address)));
  if (body.instead_of) out.member("instead_of", *body.instead_of);
}
void get(JsonObject& in, ReplaceAsked& body) {
  body.address = read_address(in.required("address"));
  if (const auto leaf = in.optional("instead_of")) body.instead_of = leaf->fingerprint();
}

void put(JsonWriter& out, const ReplaceWithdrawn& body) {
  out.member("address", std::string_view(to_string(body.address)));
  put_text(out, "why", body.why);
}
void get(JsonObject& in, ReplaceWithdrawn& body) {
  body.address = read_address(in.required("address"));
  body.why = in.text_or_empty("why");
}

/// Tries the alternatives of EventBody one after another until one has the kind `word`.
template <std::size_t Index = 0>
bool read_kind(std::string_view word, JsonObject& in, EventBody& body) {
  if constexpr (Index == std::variant_size_v<EventBody>) {
    return false;
  } else {
    body.emplace<Index>();
    if (kind_of(body) != word) return read_kind<Index + 1>(word, in, body);
    get(in, std::get<Index>(body));
    return true;
  }
}

}  // namespace

void write_event_body(JsonWriter& out, const EventBody& body) {
  out.begin_object();
  std::visit([&](const auto& kind) { put(out, kind); }, body);
  out.end_object();
}

EventBody read_event_body(const JsonValue& kind, const JsonValue& body) {
  EventBody result;
  if (kind.failed()) return result;
  JsonObject in(body);
  if (!read_kind(kind.view(), in, result)) kind.flaw("this kind of event is unknown");
  in.finish();
  return result;
}

}  // namespace trunkform::codec
