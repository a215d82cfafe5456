#include "schemas/codec/alert_codec.hpp"

#include "schemas/codec/enum_codec.hpp"
#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform {
namespace {

constexpr int k_memory_format = 1;

void write_text(codec::JsonWriter& out, std::string_view name, std::string_view text) { out.member(name, text); }

OpenAlert read_open_alert(const codec::JsonValue& value) {
  codec::JsonObject object(value);
  OpenAlert alert;
  alert.target = object.required("target").text();
  alert.dedup_key = object.required("dedup_key").text();
  const auto kind = object.required("kind");
  if (const auto known = parse_alert_kind(kind.view()))
    alert.kind = *known;
  else
    kind.flaw("is not a kind of alert");
  const auto problem = object.required("problem");
  if (const auto known = parse_alert_problem(problem.view()))
    alert.problem = *known;
  else
    problem.flaw("is not a problem");
  alert.severity = codec::read_enum(object.required("severity"), {AlertSeverity::info, AlertSeverity::warning,
                                                                  AlertSeverity::error, AlertSeverity::critical});
  alert.address = object.text_or_empty("address");
  alert.trunk = object.text_or_empty("trunk");
  alert.since = object.required("since").instant();
  alert.told = object.required("told").instant();
  object.finish();
  return alert;
}

}  // namespace

std::string encode_alert(const Alert& alert) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format", k_alert_format);
  out.member("kind", to_string(alert.kind));
  out.member("problem", to_string(alert.problem));
  out.member("severity", to_string(alert.severity));
  out.member("resolved", alert.resolved);
  write_text(out, "summary", alert.summary);
  write_text(out, "detail", alert.detail);
  write_text(out, "hint", alert.hint);
  write_text(out, "address", alert.address);
  write_text(out, "trunk", alert.trunk);
  write_text(out, "dedup_key", alert.dedup_key);
  write_text(out, "organisation", alert.organisation);
  write_text(out, "run", alert.run);
  write_text(out, "actor", alert.actor);
  write_text(out, "plan", alert.plan);
  out.key("log_head");
  if (alert.log_head)
    out.value(*alert.log_head);
  else
    out.null();
  out.member("time", alert.time);
  out.end_object();
  return out.take();
}

std::string encode_open_alerts(const std::vector<OpenAlert>& alerts) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format", k_memory_format);
  out.key("open");
  out.begin_array();
  for (const auto& alert : alerts) {
    out.line();
    out.begin_object();
    write_text(out, "target", alert.target);
    write_text(out, "dedup_key", alert.dedup_key);
    out.member("kind", to_string(alert.kind));
    out.member("problem", to_string(alert.problem));
    out.member("severity", to_string(alert.severity));
    out.member_unless_empty("address", alert.address);
    out.member_unless_empty("trunk", alert.trunk);
    out.member("since", alert.since);
    out.member("told", alert.told);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take() + "\n";
}

Result<std::vector<OpenAlert>> decode_open_alerts(std::string_view bytes) {
  codec::JsonDocument json("the file of open alerts", bytes);
  codec::JsonObject root(json.root());
  json.check_format(root, k_memory_format);
  std::vector<OpenAlert> alerts;
  for (const auto& alert : root.required("open").items()) alerts.push_back(read_open_alert(alert));
  root.finish();
  TRY(json.finish());
  return alerts;
}

}  // namespace trunkform
