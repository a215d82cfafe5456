#include "schemas/codec/plan_codec.hpp"

#include <fmt/format.h>

#include "schemas/codec/binding_codec.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/enum_codec.hpp"
#include "schemas/codec/issue_codec.hpp"
#include "schemas/codec/planned_change_codec.hpp"
#include "schemas/codec/record_codec.hpp"
#include "schemas/codec/text_map.hpp"

namespace trunkform {
namespace {

using namespace codec;  // NOLINT(google-build-using-namespace): this file is the codec

/// The digest stands last, over all bytes before its member.
constexpr std::string_view k_digest_member = ",\n\"sha256\":\"";

void write_plan_head(JsonWriter& out, const Plan& plan) {
  out.member("format", Plan::k_format);
  out.member("kind", "trunkform plan");
  out.member("tool_version", std::string_view(plan.tool_version));
  out.line();
  out.member("created", plan.created);
  out.member_if("destroy", plan.destroy);
  out.member_if("refresh_only", plan.refresh_only);
  out.member_if("ignore_window", plan.ignore_window);
  if (plan.state) {
    out.key("state");
    out.begin_object();
    out.member("lineage", std::string_view(plan.state->lineage));
    out.member("serial", plan.state->serial);
    out.end_object();
  }
  out.line();
  out.key("organisation");
  out.begin_object();
  out.member("id", std::string_view(plan.organisation.id));
  out.member("name", std::string_view(plan.organisation.name));
  out.member("by_api", plan.organisation.by_api);
  out.end_object();
  out.member("service", std::string_view(plan.service));
  out.line();
  write_texts(out, "variables", plan.variables);
  out.key("sensitive_variables");
  out.begin_array();
  for (const auto& name : plan.sensitive_variables) out.value(std::string_view(name));
  out.end_array();
  out.line();
  write_texts(out, "file_digests", plan.file_digests);
}

void read_plan_head(JsonObject& root, Plan& plan) {
  if (const auto kind = root.required("kind"); kind.view() != "trunkform plan") kind.flaw("this is not a plan");
  plan.tool_version = root.required("tool_version").text();
  plan.created = root.required("created").instant();
  plan.destroy = root.flag_or_false("destroy");
  plan.refresh_only = root.flag_or_false("refresh_only");
  plan.ignore_window = root.flag_or_false("ignore_window");
  if (const auto value = root.optional("state")) {
    JsonObject state(*value);
    plan.state = StateToken{state.required("lineage").text(), state.required("serial").number()};
    state.finish();
  }
  JsonObject organisation(root.required("organisation"));
  plan.organisation.id = organisation.required("id").text();
  plan.organisation.name = organisation.required("name").text();
  plan.organisation.by_api = organisation.required("by_api").flag();
  organisation.finish();
  plan.service = root.required("service").text();
  plan.variables = read_texts(root.required("variables"));
  for (const auto& name : root.required("sensitive_variables").items()) plan.sensitive_variables.push_back(name.text());
  plan.file_digests = read_texts(root.required("file_digests"));
}

void write_waves(JsonWriter& out, const std::vector<Wave>& waves) {
  out.line();
  out.key("waves");
  out.begin_array();
  for (const auto& wave : waves) {
    out.line();
    out.begin_object();
    out.member("carrier", std::string_view(wave.carrier));
    out.member_if("canary", wave.canary);
    out.member("max_parallel", wave.max_parallel);
    out.member("stagger", wave.stagger.count());
    out.member("soak", wave.soak.count());
    out.key("addresses");
    out.begin_array();
    for (const auto& address : wave.addresses) out.value(std::string_view(to_string(address)));
    out.end_array();
    out.end_object();
  }
  out.end_array();
}

Wave read_wave(const JsonValue& value) {
  JsonObject object(value);
  Wave wave;
  wave.carrier = object.required("carrier").text();
  wave.canary = object.flag_or_false("canary");
  wave.max_parallel = object.required("max_parallel").number();
  wave.stagger = Duration(static_cast<Duration::rep>(object.required("stagger").number()));
  wave.soak = Duration(static_cast<Duration::rep>(object.required("soak").number()));
  for (const auto& address : object.required("addresses").items()) wave.addresses.push_back(read_address(address));
  object.finish();
  return wave;
}

void write_outputs(JsonWriter& out, const std::vector<PlannedOutput>& outputs) {
  out.line();
  out.key("outputs");
  out.begin_array();
  for (const auto& output : outputs) {
    out.begin_object();
    out.member("name", std::string_view(output.name));
    out.member_unless_empty("json", output.json);
    out.member("type", std::string_view(output.type));
    out.member_if("sensitive", output.sensitive);
    out.member("action", to_string(output.action));
    out.end_object();
  }
  out.end_array();
}

PlannedOutput read_output(const JsonValue& value) {
  JsonObject object(value);
  PlannedOutput output;
  output.name = object.required("name").text();
  output.json = object.text_or_empty("json");
  output.type = object.required("type").text();
  output.sensitive = object.flag_or_false("sensitive");
  output.action = read_enum(object.required("action"), {Action::no_op, Action::create, Action::update, Action::remove});
  object.finish();
  return output;
}

void write_diagnostics(JsonWriter& out, const std::vector<Diagnostic>& diagnostics) {
  out.line();
  out.key("diagnostics");
  out.begin_array();
  for (const auto& diagnostic : diagnostics) {
    out.begin_object();
    out.member("severity", diagnostic.severity == Severity::error ? "error" : "warning");
    out.key("error");
    write_error(out, diagnostic.error);
    out.end_object();
  }
  out.end_array();
}

Diagnostic read_diagnostic(const JsonValue& value) {
  JsonObject object(value);
  Diagnostic diagnostic;
  diagnostic.severity = object.required("severity").view() == "error" ? Severity::error : Severity::warning;
  diagnostic.error = read_error(object.required("error"));
  object.finish();
  return diagnostic;
}

Error damaged(std::string why) {
  return Error(ErrorCode::corrupt, "the plan file is damaged", std::move(why))
      .hint("make a new one and review it again: trunkform plan -out=FILE");
}

/// The bytes that the digest covers, after it was checked.
Result<std::string_view> check_digest(std::string_view bytes) {
  const auto at = bytes.rfind(k_digest_member);
  if (at == std::string_view::npos) return damaged("its digest is missing: the file was cut off, or is no plan");
  const auto digest = bytes.substr(at + k_digest_member.size());
  if (digest.size() < 64 || digest.substr(64) != "\"}\n") return damaged("it does not end with its digest");
  if (sha256_hex(bytes.substr(0, at)) != digest.substr(0, 64))
    return damaged("its content does not match its digest: it was changed after it was written");
  return digest.substr(0, 64);
}

}  // namespace

std::string encode_plan(Plan& plan) {
  JsonWriter out;
  TextTable texts;
  ChainTable chains;
  for (const auto& issue : plan.issues) chains.add(issue.before);
  for (auto& change : plan.changes) {
    chains.add(change.before);
    chains.add(change.after);
    chains.add(change.meanwhile);
    if (!change.binding) continue;
    if (change.binding->carrier->trust_store) texts.add(*change.binding->carrier->trust_store);
    change.binding_digest = binding_digest(*change.binding);
  }
  out.begin_object();
  write_plan_head(out, plan);
  texts.write(out);
  chains.write(out);
  write_planned_issues(out, plan.issues);
  write_planned_leftovers(out, plan.leftovers);
  out.line();
  out.key("changes");
  out.begin_array();
  for (const auto& change : plan.changes) {
    out.line();
    write_planned_change(out, change, texts);
  }
  out.end_array();
  write_waves(out, plan.waves);
  write_outputs(out, plan.outputs);
  write_diagnostics(out, plan.diagnostics);
  out.line();
  out.member("requests", plan.requests);
  out.member("estimate", plan.estimate.count());
  out.end_object();
  auto text = out.take();
  text.pop_back();  // the closing brace comes after the digest
  plan.digest = sha256_hex(text);
  text += k_digest_member;
  text += plan.digest;
  text += "\"}\n";
  return text;
}

Result<Plan> decode_plan(std::string_view bytes) {
  const auto digest = TRY(check_digest(bytes));
  JsonDocument document("the plan", bytes);
  JsonObject root(document.root());
  document.check_format(root, Plan::k_format);
  TRY(document.finish());
  Plan plan;
  plan.digest = std::string(digest);
  read_plan_head(root, plan);
  TextTable texts;
  texts.read(root.required("texts"));
  const ChainIndex chains(root);
  if (const auto issues = root.optional("issues")) plan.issues = read_planned_issues(*issues, chains);
  if (const auto leftovers = root.optional("leftovers")) plan.leftovers = read_planned_leftovers(*leftovers);
  for (const auto& change : root.required("changes").items()) {
    plan.changes.push_back(read_planned_change(change, texts, chains));
    if (document.failed()) break;
  }
  for (const auto& wave : root.required("waves").items()) plan.waves.push_back(read_wave(wave));
  for (const auto& output : root.required("outputs").items()) plan.outputs.push_back(read_output(output));
  for (const auto& diagnostic : root.required("diagnostics").items())
    plan.diagnostics.push_back(read_diagnostic(diagnostic));
  plan.requests = root.required("requests").number();
  plan.estimate = Duration(static_cast<Duration::rep>(root.required("estimate").number()));
  (void)root.required("sha256");
  root.finish();
  TRY(document.finish());
  return plan;
}

std::string binding_digest(const Binding& binding) {
  JsonWriter out;
  TextTable texts;
  write_binding(out, binding, texts);
  return sha256_hex(out.take());
}

bool is_saved_plan(std::string_view bytes) {
  return bytes.substr(0, 64).find(R"("kind":"trunkform plan")") != std::string_view::npos;
}

}  // namespace trunkform
