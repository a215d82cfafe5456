#include <ostream>

#include <fmt/format.h>

#include "cmd/engine/forecasting.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/forecast_html.hpp"
#include "cmd/trunkform/views/forecast_ics.hpp"
#include "cmd/trunkform/views/forecast_json.hpp"
#include "cmd/trunkform/views/forecast_text.hpp"
#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"

namespace trunkform::cli {
namespace {

constexpr Duration k_longest = std::chrono::hours(24 * 3660);

struct Wish {
  Instant end{};
  forecast::Renewal renewal;
  Duration apply_every{};
};

Error wrong_value(std::string_view flag, const std::string& text, std::string hint) {
  return usage_error(fmt::format("-{} does not understand \"{}\"", flag, views::escape_foreign(text)))
      .hint(std::move(hint));
}

Result<Instant> end_of(const std::string& text, Instant now) {
  const auto* const hint =
      "write how far to look, -until=400d, or up to which day, -until=2027-12-31; at most ten years";
  auto end = parse_rfc3339(text + "T00:00:00Z");
  if (!end) end = parse_rfc3339(text);
  if (const auto length = parse_duration(text); !end && length) end = now + *length;
  if (!end || *end <= now || *end - now > k_longest) return wrong_value("until", text, hint);
  return *end;
}

Result<Wish> wish_of(const Arguments& arguments, Instant now) {
  Wish wish;
  wish.end = TRY(end_of(arguments.value("until"), now));
  auto renewal = forecast::parse_renewal(arguments.value("renewal"));
  if (!renewal) return usage_error(std::move(renewal.error()));
  wish.renewal = *renewal;
  const auto& every = arguments.value("apply-every");
  const auto length = parse_duration(every);
  if (!length || *length < std::chrono::minutes(1))
    return wrong_value("apply-every", every, "write how often apply runs: -apply-every=1d, 6h; at least a minute");
  wish.apply_every = *length;
  const int forms = int{arguments.on("json")} + int{arguments.on("ics")} + int{arguments.on("html")};
  if (forms > 1)
    return usage_error("a forecast has one form at a time")
        .hint("give one of -json, -ics and -html; redirect each to its own file");
  return wish;
}

std::vector<Diagnostic> unproven(const forecast::Forecast& forecast) {
  std::vector<Diagnostic> errors;
  errors.reserve(forecast.unproven.size());
  for (const auto& one : forecast.unproven) {
    const auto& subject = forecast.subjects[one.subject];
    errors.push_back({Severity::error, Error(ErrorCode::conflict, one.why, "whether it lapses cannot be said")
                                           .of(to_string(subject.address))
                                           .hint("trunkform plan says what stands in the way")});
  }
  return errors;
}

void show(Frame& frame, const views::ForecastDocument& document, const std::vector<Diagnostic>& diagnostics) {
  auto& out = frame.world.streams.out;
  if (frame.arguments.on("json")) {
    codec::JsonWriter json;
    json.begin_object();
    views::write_forecast(json, document);
    write_diagnostics(json, diagnostics, frame.session.files());
    json.end_object();
    out << json.take() << '\n';
  } else if (frame.arguments.on("ics")) {
    out << views::forecast_ics(document);
  } else if (frame.arguments.on("html")) {
    out << views::forecast_html(document);
  } else {
    out << views::forecast_text(document, frame.reporter.out_style());
  }
}

Result<ExitCode> run_forecast(Frame& frame) {
  const auto now = frame.world.clock.now();
  const auto wish = TRY(wish_of(frame.arguments, now));
  std::vector<Diagnostic> diagnostics;
  if (!TRY(load_for_document(frame, diagnostics))) return ExitCode::error;
  const PlanningOptions options;
  auto selection = TRY(selection_of(frame.arguments));
  const auto gathered = TRY(gather_run(frame.session, frame.arguments, options, selection));
  if (const auto* pinned = gathered.pinned();
      pinned != nullptr && !diff::is_organisation_of(*pinned, gathered.organisation)) {
    return diff::explain_wrong_organisation(*pinned, gathered.organisation);
  }
  const auto plan = plan_request(frame.session, frame.arguments, options, std::move(selection));
  engine::ForecastRequest request{.plan = plan, .end = wish.end, .renewal = wish.renewal};
  request.assumptions.apply_every = wish.apply_every;
  if (const auto& provider = frame.session.configuration().genesys)
    request.assumptions.requests_per_minute = provider->requests_per_minute;
  const auto forecast =
      engine::make_forecast(frame.session.context(), *TRY(frame.session.sources()), gathered, request, now);
  for (const auto& diagnostic : gathered.diagnostics) report_into(frame, diagnostics, diagnostic);
  const auto errors = unproven(forecast);
  diagnostics.insert(diagnostics.end(), errors.begin(), errors.end());
  show(frame, {forecast, gathered.organisation}, diagnostics);
  if (frame.reporter.output() == Output::human) frame.reporter.report(errors);
  const auto code = errors.empty() ? ExitCode::done : ExitCode::error;
  return forecast.chosen().lapses.empty() ? code : combine(code, ExitCode::changes);
}

}  // namespace

Command forecast_command() {
  return {
      {"forecast"},
      "what rotates when, and whether any trunk would lapse; read-only, takes no lock",
      "Runs the planner and the rollout ahead on a virtual clock, from what is live and offered now: "
      "docs/forecast.md.\n"
      "What nobody renews lapses: the forecast says from when on, and whether windows, pauses and the request rate "
      "suffice if sources renew.\n"
      "Exit code: 0 nothing lapses, 2 a trunk would be without a valid certificate, 1 where an address could not be "
      "judged.",
      flags::join(
          {{{"until", FlagKind::value, "how far to look: a duration, or a day", "HORIZON", "400d"},
            {"renewal", FlagKind::value,
             "when sources are assumed to renew: after a part of the lifetime (at=2/3, at=0.9), or never "
             "(as-offered)",
             "ASSUMPTION", "at=2/3"},
            {"apply-every", FlagKind::value, "how often apply is assumed to run, beside each opening of a window",
             "DURATION", "1d", FlagForm::duration},
            {"ics", FlagKind::toggle, "an iCalendar object: each rotation, and alarms for lapses"},
            {"html", FlagKind::toggle, "one HTML file with a timeline"},
            {"probe", FlagKind::toggle, "ask every SIP TLS port what it serves"},
            {"target", FlagKind::list, "only this address", "ADDR", {}, FlagForm::address},
            {"exclude", FlagKind::list, "all but this address", "ADDR", {}, FlagForm::address},
            flags::parallelism("certificate sources and probes at a time")},
           {flags::json(), flags::no_color()},
           flags::variables()}),
      {},
      framed(run_forecast)};
}

}  // namespace trunkform::cli
