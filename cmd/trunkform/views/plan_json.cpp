#include "cmd/trunkform/views/plan_json.hpp"

#include "cmd/trunkform/views/certificate_json.hpp"
#include "cmd/trunkform/views/diagnostic_json.hpp"
#include "planner/issuing/programs.hpp"

namespace trunkform::views {
namespace {

using codec::JsonWriter;

void write_actions(JsonWriter& out, Action action) {
  out.key("actions");
  out.begin_array();
  out.value(to_string(action));
  out.end_array();
}

/// `before` and `after` as a resource's values: what a policy wants to look at.
void write_values(JsonWriter& out, std::string_view key, const PlannedChange& change, const ChainFacts* chain) {
  out.key(key);
  if (chain == nullptr) return out.null();
  out.begin_object();
  out.member("trunk_name", std::string_view(change.trunk_name));
  if (change.trunk_id) out.member("trunk_id", std::string_view(change.trunk_id->value));
  out.key("certificate");
  write_chain_facts(out, chain);
  out.end_object();
}

void write_instant(JsonWriter& out, std::string_view key, const std::optional<Instant>& instant) {
  if (instant) out.member(key, *instant);
}

void write_findings(JsonWriter& out, const PlannedChange& change) {
  out.key("findings");
  out.begin_array();
  for (const auto& finding : change.findings) {
    out.begin_object();
    out.member("rule", std::string_view(finding.rule));
    out.member("verdict", finding.verdict == Verdict::block ? "block" : "warn");
    out.member("clause", std::string_view(finding.clause));
    out.member("message", std::string_view(finding.message));
    out.end_object();
  }
  out.end_array();
}

void write_key(JsonWriter& out, const InstanceKey& key) {
  if (const auto* index = std::get_if<std::int64_t>(&key))
    out.member("index", *index);
  else if (const auto* name = std::get_if<std::string>(&key))
    out.member("index", std::string_view(*name));
}

void write_change(JsonWriter& out, const PlannedChange& change) {
  out.begin_object();
  out.member("address", std::string_view(to_string(change.address)));
  out.member("mode", "managed");
  out.member("type", std::string_view(change.address.type));
  out.member("name", std::string_view(change.address.name));
  write_key(out, change.address.key);
  out.key("change");
  out.begin_object();
  write_actions(out, change.action);
  write_values(out, "before", change, change.before.get());
  const bool is_to_come = change.writes() && change.after == nullptr;  // issued on the way: not known yet
  write_values(out, "after", change, change.after || is_to_come ? change.after.get() : change.before.get());
  out.end_object();
  if (change.meanwhile) {
    out.key("meanwhile");
    write_chain_facts(out, change.meanwhile.get());
  }
  out.member("action_reason", to_string(change.cause));
  out.member("health", to_string(change.health));
  out.member("relation", to_string(change.relation));
  out.member("gate", to_string(change.gate));
  out.member("evidence", to_string(change.evidence));
  out.member("capability", to_string(change.capability));
  out.member("awaiting_source", change.awaiting_source);
  out.member("no_way_back", change.no_way_back);
  out.member("held_back", change.held_back);
  write_instant(out, "effective_expiry", change.effective_expiry);
  write_instant(out, "not_before", change.not_before);
  write_instant(out, "deadline", change.deadline);
  write_instant(out, "rotates_on", change.rotates_on);
  if (change.wave >= 0) out.member("wave", change.wave);
  write_findings(out, change);
  out.end_object();
}

void write_drift(JsonWriter& out, const Plan& plan) {
  out.key("resource_drift");
  out.begin_array();
  for (const auto& change : plan.changes)
    for (const auto& drift : change.drift) {
      out.begin_object();
      out.member("address", std::string_view(to_string(change.address)));
      out.member("message", std::string_view(drift.message));
      out.end_object();
    }
  out.end_array();
}

void write_waves(JsonWriter& out, const Plan& plan) {
  out.key("waves");
  out.begin_array();
  for (const auto& wave : plan.waves) {
    out.begin_object();
    out.member("carrier", std::string_view(wave.carrier));
    out.member("canary", wave.canary);
    out.member("max_parallel", wave.max_parallel);
    out.member("stagger_seconds", wave.stagger.count() / 1000);
    out.member("soak_seconds", wave.soak.count() / 1000);
    out.key("addresses");
    out.begin_array();
    for (const auto& address : wave.addresses) out.value(std::string_view(to_string(address)));
    out.end_array();
    out.end_object();
  }
  out.end_array();
}

void write_outputs(JsonWriter& out, const Plan& plan) {
  out.key("output_changes");
  out.begin_object();
  for (const auto& output : plan.outputs) {
    out.key(output.name);
    out.begin_object();
    write_actions(out, output.action);
    out.member("sensitive", output.sensitive);
    out.end_object();
  }
  out.end_object();
}

void write_texts(JsonWriter& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key);
  out.begin_array();
  for (const auto& text : texts) out.value(std::string_view(text));
  out.end_array();
}

/// What is reviewed is the request: the certificate is not there yet.
void write_issues(JsonWriter& out, const Plan& plan) {
  out.key("issues");
  out.begin_array();
  for (const auto& issue : plan.issues) {
    const auto& request = issue.request;
    out.begin_object();
    out.member("address", std::string_view(request.address));
    write_actions(out, !issue.issues() ? Action::no_op : issue.before == nullptr ? Action::create : Action::update);
    out.member("reason", to_string(issue.cause));
    write_texts(out, "names", request.names);
    out.member("key", to_string(request.key));
    out.member("issuer", std::string_view(request.issuer_address));
    out.member("issuer_place", std::string_view(to_string(request.issuer)));
    out.member("store", std::string_view(request.store_address));
    out.member("store_place", std::string_view(to_string(request.store)));
    if (issue.before) out.member("replaces", issue.before->identity.leaf);
    if (issue.renews_on) out.member("renews_on", *issue.renews_on);
    if (const auto hook = issuing::hook_of(request.issuer); !hook.empty()) write_texts(out, "runs", hook);
    write_texts(out, "notes", issue.notes);
    out.end_object();
  }
  out.end_array();
}

void write_leftovers(JsonWriter& out, const Plan& plan) {
  out.key("leftovers");
  out.begin_array();
  for (const auto& leftover : plan.leftovers) {
    out.begin_object();
    out.member("address", std::string_view(leftover.address));
    out.member("reason", leftover.is_gone ? "removed" : "asks_for_something_else");
    write_instant(out, "since", leftover.since);
    out.member_unless_empty("staged_in", leftover.staged_in);
    out.member_unless_empty("order", leftover.order);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::string plan_json(const Plan& plan, Instant now) {
  const auto counts = count(plan, now);
  JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.member("trunkform_version", std::string_view(plan.tool_version));
  out.member("timestamp", plan.created);
  out.member("applyable", counts.changes());
  out.member("complete", counts.errors == 0);
  out.member("errored", counts.errors > 0);
  out.key("organisation");
  out.begin_object();
  out.member("id", std::string_view(plan.organisation.id));
  out.member("name", std::string_view(plan.organisation.name));
  out.end_object();
  out.key("variables");
  out.begin_object();
  for (const auto& [name, json] : plan.variables) {
    out.key(name);
    out.begin_object();
    out.key("value");
    out.raw(json);
    out.end_object();
  }
  out.end_object();
  write_issues(out, plan);
  write_leftovers(out, plan);
  out.key("resource_changes");
  out.begin_array();
  for (const auto& change : plan.changes) write_change(out, change);
  out.end_array();
  write_drift(out, plan);
  write_outputs(out, plan);
  write_waves(out, plan);
  out.member("requests", plan.requests);
  out.member("estimate_seconds", plan.estimate.count() / 1000);
  out.key("diagnostics");
  out.begin_array();
  for (const auto& diagnostic : plan.diagnostics) write_diagnostic(out, diagnostic, {});
  for (const auto& issue : plan.issues)
    if (issue.error) write_diagnostic(out, {Severity::error, *issue.error}, {});
  for (const auto& change : plan.changes)
    if (change.error) write_diagnostic(out, {Severity::error, *change.error}, {});
  out.end_array();
  out.end_object();
  return out.take();
}

}  // namespace trunkform::views
