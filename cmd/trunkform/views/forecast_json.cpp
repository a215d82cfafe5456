#include "cmd/trunkform/views/forecast_json.hpp"

#include "schemas/model/version.hpp"

namespace trunkform::views {
namespace {

using codec::JsonWriter;
using forecast::Forecast;
using forecast::Scenario;

std::int64_t seconds(Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); }

void write_if_known(JsonWriter& out, std::string_view key, const std::optional<Instant>& instant) {
  if (instant) out.member(key, *instant);
}

void write_address(JsonWriter& out, const Forecast& forecast, std::size_t subject) {
  out.member("address", std::string_view(to_string(forecast.subjects[subject].address)));
}

void write_addresses(JsonWriter& out, const Forecast& forecast, const std::vector<std::size_t>& subjects) {
  out.key("addresses");
  out.begin_array();
  for (const auto subject : subjects) out.value(std::string_view(to_string(forecast.subjects[subject].address)));
  out.end_array();
}

void write_rotation(JsonWriter& out, const Forecast& forecast, const forecast::Rotation& rotation) {
  out.begin_object();
  write_address(out, forecast, rotation.subject);
  out.member("cause", to_string(rotation.cause));
  out.member("run", rotation.run);
  out.member("canary", rotation.canary);
  write_if_known(out, "due", rotation.due);
  out.member("offered", rotation.offered);
  out.member("begins", rotation.begins);
  out.member("bound", rotation.bound);
  out.member("ends", rotation.ends);
  write_if_known(out, "old_expiry", rotation.old_expiry);
  out.member("new_expiry", rotation.new_expiry);
  if (const auto margin = rotation.margin()) out.member("margin_seconds", seconds(*margin));
  if (rotation.window) {
    out.key("window");
    out.begin_object();
    out.member("opens", rotation.window->opens);
    out.member("closes", rotation.window->closes);
    out.end_object();
  }
  out.member("window_ignored", rotation.window_ignored);
  out.member("outside_window", rotation.outside_window);
  out.member_unless_empty("warning", rotation.warning);
  out.end_object();
}

void write_lapse(JsonWriter& out, const Forecast& forecast, const forecast::Lapse& lapse) {
  out.begin_object();
  write_address(out, forecast, lapse.subject);
  out.member("from", lapse.from);
  write_if_known(out, "until", lapse.until);
  out.member("cause", to_string(lapse.cause));
  out.member("gate", to_string(lapse.gate));
  out.member("why", std::string_view(lapse.why));
  out.end_object();
}

void write_days(JsonWriter& out, const Scenario& scenario) {
  out.key("days");
  out.begin_array();
  for (const auto& day : scenario.days) {
    out.begin_object();
    out.member("date", std::string_view(to_date(day.date)));
    out.member("rotations", day.rotations);
    out.member("lapses", day.lapses);
    out.member("requests", day.requests);
    out.member("requests_per_minute", day.peak);
    out.end_object();
  }
  out.end_array();
}

void write_runs(JsonWriter& out, const Scenario& scenario) {
  out.key("runs");
  out.begin_array();
  for (const auto& run : scenario.runs) {
    out.begin_object();
    out.member("begins", run.begins);
    out.member("ends", run.ends);
    out.member("trunks", run.trunks);
    out.member("waves", run.waves);
    out.member("requests", run.requests);
    out.end_object();
  }
  out.end_array();
}

void write_scenario(JsonWriter& out, const Forecast& forecast, const Scenario& scenario) {
  out.line();
  out.begin_object();
  out.member("renewal", std::string_view(to_string(scenario.renewal)));
  out.member("assumption", std::string_view(assumption_text(scenario.renewal)));
  out.member("requests", scenario.requests);
  out.member("requests_per_minute", scenario.peak);
  out.key("lapses");
  out.begin_array();
  for (const auto& lapse : scenario.lapses) write_lapse(out, forecast, lapse);
  out.end_array();
  out.key("rotations");
  out.begin_array();
  for (const auto& rotation : scenario.rotations) write_rotation(out, forecast, rotation);
  out.end_array();
  write_runs(out, scenario);
  write_days(out, scenario);
  out.end_object();
}

void write_assumptions(JsonWriter& out, const Forecast& forecast) {
  const auto& assumed = forecast.assumptions;
  out.key("assumptions");
  out.begin_object();
  out.member("renewal", std::string_view(to_string(forecast.chosen().renewal)));
  out.member("apply_every_seconds", seconds(assumed.apply_every));
  out.member("request_seconds", seconds(assumed.request));
  out.member("parallelism", assumed.parallelism);
  out.member("requests_per_minute", assumed.requests_per_minute);
  out.member("requests_per_plan", assumed.requests_per_plan);
  out.key("text");
  out.begin_array();
  out.value(std::string_view(assumption_text(forecast.chosen().renewal)));
  for (const auto& line : assumption_lines(assumed)) out.value(std::string_view(line));
  out.end_array();
  out.end_object();
}

void write_subject(JsonWriter& out, const forecast::Subject& subject) {
  out.begin_object();
  out.member("address", std::string_view(to_string(subject.address)));
  out.member("trunk_name", std::string_view(subject.trunk_name));
  if (subject.trunk_id) out.member("trunk_id", std::string_view(subject.trunk_id->value));
  out.member("carrier", std::string_view(subject.carrier));
  out.member("certificate", std::string_view(subject.certificate));
  out.member("health", to_string(subject.health));
  out.member("gate", to_string(subject.gate));
  out.member("evidence", to_string(subject.evidence));
  write_if_known(out, "begins", subject.begins);
  write_if_known(out, "effective_expiry", subject.expiry);
  write_if_known(out, "due", subject.due);
  out.member_unless_empty("timezone", subject.timezone);
  out.end_object();
}

void write_lists(JsonWriter& out, const Forecast& forecast) {
  out.key("clusters");
  out.begin_array();
  for (const auto& cluster : forecast.clusters) {
    out.begin_object();
    out.member("date", std::string_view(to_date(cluster.date)));
    out.member("certificates", cluster.certificates);
    write_addresses(out, forecast, cluster.subjects);
    out.end_object();
  }
  out.end_array();
  out.key("late_sources");
  out.begin_array();
  for (const auto& late : forecast.late) {
    out.begin_object();
    out.member("certificate", std::string_view(late.certificate));
    out.member("expected", late.expected);
    write_if_known(out, "assumed", late.assumed);
    out.end_object();
  }
  out.end_array();
  out.key("unproven");
  out.begin_array();
  for (const auto& one : forecast.unproven) {
    out.begin_object();
    write_address(out, forecast, one.subject);
    out.member("why", std::string_view(one.why));
    out.end_object();
  }
  out.end_array();
  out.key("unmanaged");
  out.begin_array();
  for (const auto& one : forecast.outside) {
    out.begin_object();
    out.member("trunk_id", std::string_view(one.id.value));
    out.member("trunk_name", std::string_view(one.name));
    write_if_known(out, "effective_expiry", one.expiry);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

void write_forecast(JsonWriter& out, const ForecastDocument& document) {
  const auto& forecast = document.forecast;
  out.member("format_version", "1.0");
  out.member("trunkform_version", std::string_view(version()));
  out.member("timestamp", forecast.start);
  out.member("until", forecast.end);
  out.key("organisation");
  out.begin_object();
  out.member("id", std::string_view(document.organisation.id));
  out.member("name", std::string_view(document.organisation.name));
  out.end_object();
  write_assumptions(out, forecast);
  out.member("lapses", !forecast.chosen().lapses.empty());
  out.key("resources");
  out.begin_array();
  for (const auto& subject : forecast.subjects) write_subject(out, subject);
  out.end_array();
  out.key("scenarios");
  out.begin_array();
  if (forecast.renewed) write_scenario(out, forecast, *forecast.renewed);
  write_scenario(out, forecast, forecast.as_offered);
  out.end_array();
  write_lists(out, forecast);
}

}  // namespace trunkform::views
