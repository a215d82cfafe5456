#include "schemas/codec/planned_change_codec.hpp"

#include "schemas/codec/enum_codec.hpp"

namespace trunkform::codec {
namespace {

constexpr std::initializer_list<ErrorCode> k_error_codes{
    ErrorCode::internal,    ErrorCode::invalid_input, ErrorCode::not_found,
    ErrorCode::conflict,    ErrorCode::fenced,        ErrorCode::lock_held,
    ErrorCode::denied,      ErrorCode::untrusted,     ErrorCode::throttled,
    ErrorCode::unavailable, ErrorCode::timeout,       ErrorCode::outcome_unknown,
    ErrorCode::cancelled,   ErrorCode::rejected,      ErrorCode::protocol,
    ErrorCode::corrupt,     ErrorCode::unsupported,   ErrorCode::io};

constexpr std::initializer_list<Cause> k_causes{
    Cause::not_due,   Cause::resumed,   Cause::forced,        Cause::new_binding, Cause::adopted,
    Cause::unmanaged, Cause::changed,   Cause::rule_violated, Cause::drifted,     Cause::chain_repair,
    Cause::due,       Cause::available, Cause::removed,       Cause::destroyed};

constexpr std::initializer_list<Gate> k_gates{Gate::none,
                                              Gate::trunk_missing,
                                              Gate::trunk_ambiguous,
                                              Gate::trunk_replaced,
                                              Gate::bound_twice,
                                              Gate::wrong_organisation,
                                              Gate::owned_elsewhere,
                                              Gate::live_unknown,
                                              Gate::source_unreachable,
                                              Gate::quarantined,
                                              Gate::rule_failed,
                                              Gate::unmanaged,
                                              Gate::older_than_live,
                                              Gate::reverted_outside,
                                              Gate::stale_configuration,
                                              Gate::prevent_destroy};

std::string_view to_string(Verdict verdict) {
  return verdict == Verdict::block ? "block" : verdict == Verdict::warn ? "warn" : "pass";
}

std::string_view to_string(Drift::Kind kind) {
  switch (kind) {
    case Drift::Kind::certificate:
      return "certificate";
    case Drift::Kind::trunk_renamed:
      return "trunk_renamed";
    case Drift::Kind::trunk_missing:
      return "trunk_missing";
    case Drift::Kind::status:
      break;
  }
  return "status";
}

void write_instant(JsonWriter& out, std::string_view key, const std::optional<Instant>& instant) {
  if (instant) out.member(key, *instant);
}

std::optional<Instant> read_instant(JsonObject& object, std::string_view key) {
  const auto found = object.optional(key);
  if (!found) return std::nullopt;
  return found->instant();
}

void write_chain(JsonWriter& out, std::string_view key, const ChainPtr& chain) {
  if (chain) out.member(key, chain->identity.chain);
}

ChainPtr read_chain(JsonObject& object, std::string_view key, const ChainIndex& chains) {
  const auto found = object.optional(key);
  return found ? chains.find(*found) : nullptr;
}

void write_findings(JsonWriter& out, const std::vector<Finding>& findings) {
  if (findings.empty()) return;
  out.key("findings");
  out.begin_array();
  for (const auto& finding : findings) {
    out.begin_object();
    out.member("rule", std::string_view(finding.rule));
    out.member("verdict", to_string(finding.verdict));
    out.member_unless_empty("clause", finding.clause);
    out.member_unless_empty("message", finding.message);
    out.member_unless_empty("mend", finding.mend);
    out.end_object();
  }
  out.end_array();
}

Finding read_finding(const JsonValue& value) {
  JsonObject object(value);
  Finding finding;
  finding.rule = object.required("rule").text();
  const auto word = object.required("verdict").view();
  finding.verdict = word == "block" ? Verdict::block : word == "warn" ? Verdict::warn : Verdict::pass;
  finding.clause = object.text_or_empty("clause");
  finding.message = object.text_or_empty("message");
  finding.mend = object.text_or_empty("mend");
  object.finish();
  return finding;
}

void write_drift(JsonWriter& out, const std::vector<Drift>& drifts) {
  if (drifts.empty()) return;
  out.key("drift");
  out.begin_array();
  for (const auto& drift : drifts) {
    out.begin_object();
    out.member("kind", to_string(drift.kind));
    out.member("message", std::string_view(drift.message));
    out.end_object();
  }
  out.end_array();
}

Drift read_drift(const JsonValue& value) {
  JsonObject object(value);
  Drift drift;
  const auto word = object.required("kind").view();
  for (const auto kind :
       {Drift::Kind::certificate, Drift::Kind::trunk_renamed, Drift::Kind::trunk_missing, Drift::Kind::status})
    if (to_string(kind) == word) drift.kind = kind;
  drift.message = object.required("message").text();
  object.finish();
  return drift;
}

void write_verdicts(JsonWriter& out, const PlannedChange& change) {
  using trunkform::to_string;
  out.member("address", std::string_view(to_string(change.address)));
  out.member("action", to_string(change.action));
  out.member("cause", to_string(change.cause));
  out.member("health", to_string(change.health));
  out.member("relation", to_string(change.relation));
  out.member("gate", to_string(change.gate));
  out.member("evidence", to_string(change.evidence));
  out.member("capability", to_string(change.capability));
  if (change.error) {
    out.key("error");
    write_error(out, *change.error);
  }
}

void read_verdicts(JsonObject& object, PlannedChange& change) {
  change.address = read_address(object.required("address"));
  change.action = read_enum(object.required("action"), {Action::no_op, Action::create, Action::update, Action::remove,
                                                        Action::forget, Action::adopt});
  change.cause = read_enum(object.required("cause"), k_causes);
  change.health = read_enum(object.required("health"), {Health::healthy, Health::due, Health::critical, Health::expired,
                                                        Health::rule_violated, Health::unknown});
  change.relation = read_enum(object.required("relation"), {Relation::same, Relation::newer, Relation::older,
                                                            Relation::sibling, Relation::pending, Relation::unknown});
  change.gate = read_enum(object.required("gate"), k_gates);
  change.evidence =
      read_enum(object.required("evidence"), {Evidence::none, Evidence::api, Evidence::wire, Evidence::state});
  change.capability =
      read_enum(object.required("capability"), {Capability::sealed, Capability::partial, Capability::opaque});
  if (const auto error = object.optional("error")) change.error = read_error(*error);
}

/// Of causes of causes: more than any error has, and less than a reader's stack.
constexpr int k_deepest = 16;

void write_error(JsonWriter& out, const Error& error, int depth) {
  out.begin_object();
  out.member("code", trunkform::to_string(error.code));
  out.member("summary", std::string_view(error.summary));
  out.member_unless_empty("detail", error.detail);
  out.member_unless_empty("address", error.address);
  if (!error.hints.empty()) {
    out.key("hints");
    out.begin_array();
    for (const auto& hint : error.hints) out.value(std::string_view(hint));
    out.end_array();
  }
  if (!error.causes.empty() && depth < k_deepest) {
    out.key("causes");
    out.begin_array();
    for (const auto& cause : error.causes) write_error(out, cause, depth + 1);
    out.end_array();
  }
  out.end_object();
}

Error read_error(const JsonValue& value, int depth) {
  JsonObject object(value);
  Error error;
  error.code = read_enum(object.required("code"), k_error_codes);
  error.summary = object.required("summary").text();
  error.detail = object.text_or_empty("detail");
  error.address = object.text_or_empty("address");
  if (const auto hints = object.optional("hints"))
    for (const auto& hint : hints->items()) error.hints.push_back(hint.text());
  const auto causes = object.optional("causes");
  if (causes && depth >= k_deepest) causes->flaw("too many causes within one another");
  if (causes && depth < k_deepest)
    for (const auto& cause : causes->items()) error.causes.push_back(read_error(cause, depth + 1));
  object.finish();
  return error;
}

}  // namespace

void write_error(JsonWriter& out, const Error& error) { write_error(out, error, 0); }
Error read_error(const JsonValue& value) { return read_error(value, 0); }

void write_planned_change(JsonWriter& out, const PlannedChange& change, TextTable& texts) {
  out.begin_object();
  write_verdicts(out, change);
  if (change.trunk_id) out.member("trunk_id", std::string_view(change.trunk_id->value));
  out.member_unless_empty("trunk_name", change.trunk_name);
  out.member_unless_empty("trunk_status", change.trunk_status);
  write_chain(out, "before", change.before);
  write_chain(out, "after", change.after);
  write_chain(out, "meanwhile", change.meanwhile);
  if (change.version) out.member("version", std::string_view(change.version->value));
  write_instant(out, "effective_expiry", change.effective_expiry);
  write_instant(out, "not_before", change.not_before);
  write_instant(out, "deadline", change.deadline);
  write_instant(out, "rotates_on", change.rotates_on);
  out.member_if("awaiting_source", change.awaiting_source);
  out.member_if("no_way_back", change.no_way_back);
  out.member_if("held_back", change.held_back);
  write_findings(out, change.findings);
  write_drift(out, change.drift);
  if (!change.notes.empty()) {
    out.key("notes");
    out.begin_array();
    for (const auto& note : change.notes) out.value(std::string_view(note));
    out.end_array();
  }
  if (change.wave >= 0) out.member("wave", change.wave);
  if (change.binding) {
    out.member("binding_digest", std::string_view(change.binding_digest));
    out.key("binding");
    write_binding(out, *change.binding, texts);
  }
  out.end_object();
}

PlannedChange read_planned_change(const JsonValue& value, const TextTable& texts, const ChainIndex& chains) {
  JsonObject object(value);
  PlannedChange change;
  read_verdicts(object, change);
  if (const auto id = object.optional("trunk_id")) change.trunk_id = TrunkId{id->text()};
  change.trunk_name = object.text_or_empty("trunk_name");
  change.trunk_status = object.text_or_empty("trunk_status");
  change.before = read_chain(object, "before", chains);
  change.after = read_chain(object, "after", chains);
  change.meanwhile = read_chain(object, "meanwhile", chains);
  if (const auto version = object.optional("version")) change.version = VersionId{version->text()};
  change.effective_expiry = read_instant(object, "effective_expiry");
  change.not_before = read_instant(object, "not_before");
  change.deadline = read_instant(object, "deadline");
  change.rotates_on = read_instant(object, "rotates_on");
  change.awaiting_source = object.flag_or_false("awaiting_source");
  change.no_way_back = object.flag_or_false("no_way_back");
  change.held_back = object.flag_or_false("held_back");
  if (const auto findings = object.optional("findings"))
    for (const auto& finding : findings->items()) change.findings.push_back(read_finding(finding));
  if (const auto drifts = object.optional("drift"))
    for (const auto& drift : drifts->items()) change.drift.push_back(read_drift(drift));
  if (const auto notes = object.optional("notes"))
    for (const auto& note : notes->items()) change.notes.push_back(note.text());
  if (const auto wave = object.optional("wave")) change.wave = wave->small_number();
  if (const auto digest = object.optional("binding_digest")) change.binding_digest = digest->text();
  if (const auto binding = object.optional("binding")) change.binding = read_binding(*binding, texts);
  object.finish();
  return change;
}

}  // namespace trunkform::codec
