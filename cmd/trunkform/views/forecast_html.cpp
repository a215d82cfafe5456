#include "cmd/trunkform/views/forecast_html.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/trunkform/views/forecast_timeline.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/version.hpp"

namespace trunkform::views {
namespace {

using forecast::Forecast;

constexpr std::size_t k_lapses_shown = 50;
constexpr std::size_t k_rows_shown = 200;

/// Colours in both schemes with a contrast of 4.5 and more for text; shapes differ too, so that none is needed.
constexpr std::string_view k_style = R"(
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1c2430; --soft: #566173; --rule: #d9dee6; --panel: #f5f7fa;
  --one: #2f6fb5; --two: #1d8a7a; --rest: #a9b6c8; --tick: #1c2430; --bad: #b3261e; --bad-paper: #fdeceb; --good: #1a7a3c;
  --good-paper: #e9f6ee; --warn: #8a5a00; --warn-paper: #fff5e0; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181f; --ink: #e7ebf1; --soft: #a3afc0; --rule: #323a47; --panel: #1c222c; --one: #5c9be0;
    --two: #3fb8a4; --rest: #4c586b; --tick: #ffffff; --bad: #ff8a80; --bad-paper: #3a1c1b; --good: #7ddb9c;
    --good-paper: #173224; --warn: #f0c36a; --warn-paper: #362b14; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 48px; }
h1 { font-size: 24px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 34px 0 8px; }
p { margin: 6px 0; }
.soft { color: var(--soft); }
.verdict { margin: 18px 0; padding: 12px 16px; border-left: 5px solid; border-radius: 4px; font-size: 17px; font-weight: 600; }
.verdict.bad { color: var(--bad); background: var(--bad-paper); }
.verdict.good { color: var(--good); background: var(--good-paper); }
.verdict.warn { color: var(--warn); background: var(--warn-paper); }
.figures { display: flex; flex-wrap: wrap; gap: 10px; margin: 14px 0; padding: 0; list-style: none; }
.figures li { background: var(--panel); border-radius: 6px; padding: 8px 14px; min-width: 130px; }
.figures b { display: block; font-size: 20px; }
.scroll { overflow-x: auto; background: var(--panel); border-radius: 6px; padding: 8px; }
svg { display: block; width: 100%; min-width: 760px; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
svg .label { text-anchor: end; }
svg .axis { fill: var(--soft); }
.grid { stroke: var(--rule); } .base { stroke: var(--soft); } .limit { stroke: var(--bad); stroke-dasharray: 5 4; }
.even { fill: var(--one); } .odd { fill: var(--two); } .rest { fill: var(--rest); } .tick { fill: var(--tick); }
.rate { fill: var(--one); } .lapse { fill: url(#hatch); stroke: var(--bad); stroke-width: 1.5; }
.hatch-paper { fill: var(--bad-paper); } .hatch-line { stroke: var(--bad); stroke-width: 3; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } .number { text-align: right; padding-right: 18px; white-space: nowrap; }
td.day { white-space: nowrap; } td.bad { color: var(--bad); font-weight: 600; } .flag { color: var(--warn); }
code { font: 13px ui-monospace, monospace; white-space: nowrap; }
.table { overflow-x: auto; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 8px 0 0; color: var(--soft); font-size: 13px; }
.legend span::before { content: ""; display: inline-block; width: 22px; height: 10px; margin-right: 6px; vertical-align: -1px; }
.legend .k-one::before { background: var(--one); } .legend .k-two::before { background: var(--two); }
.legend .k-rest::before { background: var(--rest); height: 3px; vertical-align: 2px; }
.legend .k-tick::before { background: var(--tick); width: 2px; height: 14px; vertical-align: -3px; }
.legend .k-bad::before { background: repeating-linear-gradient(45deg, var(--bad) 0 2px, transparent 2px 5px); outline: 1px solid var(--bad); }
@media print { main { max-width: none; padding: 0; } svg { min-width: 0; } }
)";

class Page {
 public:
  explicit Page(const ForecastDocument& document)
      : m_forecast(document.forecast), m_organisation(document.organisation) {}

  std::string write() {
    m_out = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"generator\" content=\"trunkform {}\">\n<title>trunkform forecast: {}</title>\n<style>{}</style>\n"
        "</head>\n<body>\n<main>\n",
        version(), html_text(m_organisation.name), k_style);
    head();
    lapses();
    unproven();
    timeline();
    if (m_forecast.renewed) nobody_renews();
    weeks();
    rate();
    clusters();
    outside();
    assumptions();
    m_out += "</main>\n</body>\n</html>\n";
    return std::move(m_out);
  }

 private:
  const Forecast& m_forecast;
  const Organisation& m_organisation;
  std::string m_out;

  void heading(std::string_view text) { m_out += fmt::format("<h2>{}</h2>\n", html_text(text)); }
  void begin_table(std::initializer_list<std::string_view> columns) {
    m_out += "<div class=\"table\">\n<table>\n<thead><tr>";
    for (const auto column : columns) {
      const bool is_number = column.starts_with('#');
      m_out += fmt::format("<th scope=\"col\"{}>{}</th>", is_number ? " class=\"number\"" : "",
                           html_text(column.substr(is_number ? 1 : 0)));
    }
    m_out += "</tr></thead>\n<tbody>\n";
  }
  void end_table(std::size_t left_out) {
    m_out += "</tbody>\n</table>\n</div>\n";
    if (left_out > 0)
      m_out +=
          fmt::format("<p class=\"soft\">and {} more: <code>trunkform forecast -json</code> has all</p>\n", left_out);
  }
  std::string trunk_cell(std::size_t subject) const {
    const auto& facts = m_forecast.subjects[subject];
    return fmt::format("<td>{}<br><code class=\"soft\">{}</code></td>", html_text(trunk_title(facts)),
                       html_text(to_string(facts.address)));
  }

  void head() {
    const auto days = std::chrono::duration_cast<std::chrono::days>(m_forecast.end - m_forecast.start).count();
    const auto& scenario = m_forecast.chosen();
    m_out +=
        fmt::format("<h1>Certificates of {}</h1>\n<p class=\"soft\">Forecast of {} from {} to {} ({}), made {}.</p>\n",
                    html_text(m_organisation.name.empty() ? m_organisation.id : m_organisation.name),
                    counted(m_forecast.subjects.size(), "trunk", "trunks"), to_date(m_forecast.start),
                    to_date(m_forecast.end), counted(static_cast<std::size_t>(days), "day", "days"),
                    to_rfc3339(std::chrono::floor<std::chrono::seconds>(m_forecast.start)));
    verdict();
    m_out += "<ul class=\"figures\">";
    const auto figure = [&](const std::string& number, std::string_view what) {
      m_out += fmt::format("<li><b>{}</b>{}</li>", number, html_text(what));
    };
    figure(fmt::format("{}", scenario.rotations.size()), "rotations");
    figure(fmt::format("{}", scenario.lapses.size()), "lapses");
    if (scenario.narrowest) {
      const auto margin = *scenario.rotations[*scenario.narrowest].margin();
      if (margin >= Duration::zero()) figure(to_words(margin), "the narrowest margin");
    }
    figure(fmt::format("{} of {}", scenario.peak, m_forecast.assumptions.requests_per_minute), "requests in a minute");
    m_out += "</ul>\n";
  }

  void verdict() {
    const auto& scenario = m_forecast.chosen();
    if (!scenario.lapses.empty())
      m_out += fmt::format("<p class=\"verdict bad\">{} without a valid certificate{}</p>\n",
                           lapsing_text(scenario.lapses), m_forecast.renewed ? ", even if sources renew in time" : "");
    else if (!m_forecast.unproven.empty())
      m_out += fmt::format("<p class=\"verdict warn\">{} cannot be judged; of the others none lapses</p>\n",
                           counted(m_forecast.unproven.size(), "trunk", "trunks"));
    else
      m_out += fmt::format("<p class=\"verdict good\">No trunk lapses{}</p>\n",
                           m_forecast.renewed ? ", as long as every source renews in time" : "");
  }

  void lapses() {
    const auto& all = m_forecast.chosen().lapses;
    if (all.empty()) return;
    heading("Without a valid certificate");
    const bool is_grouped = all.size() > k_lapses_shown;
    begin_table({is_grouped ? "trunks" : "trunk", "from", "until", "why"});
    const auto cells = [](Instant from, const std::string& until, const std::string& why) {
      return fmt::format("<td class=\"day bad\">{}</td><td>{}</td><td>{}</td>", to_rfc3339(from), html_text(until),
                         html_text(why));
    };
    if (!is_grouped) {
      for (const auto& one : all)
        m_out += fmt::format("<tr>{}{}</tr>\n", trunk_cell(one.subject), cells(one.from, until_text(one), one.why));
      return end_table(0);
    }
    const auto groups = lapse_groups(m_forecast, m_forecast.chosen());
    const auto shown = std::min(groups.size(), k_rows_shown);
    for (std::size_t i = 0; i < shown; ++i)
      m_out +=
          fmt::format("<tr><td><b>{}</b> <code class=\"soft\">{}</code><br>{}</td>{}</tr>\n", groups[i].subjects.size(),
                      html_text(groups[i].certificate), html_text(some_trunks(m_forecast, groups[i].subjects, 6)),
                      cells(groups[i].from, groups[i].until, groups[i].why));
    end_table(groups.size() - shown);
  }

  void unproven() {
    if (m_forecast.unproven.empty()) return;
    heading("Not proven");
    begin_table({"trunk", "why"});
    for (const auto& one : m_forecast.unproven)
      m_out += fmt::format("<tr>{}<td>{}</td></tr>\n", trunk_cell(one.subject), html_text(one.why));
    end_table(0);
  }

  void timeline() {
    heading(m_forecast.renewed ? "Timeline, if sources renew in time" : "Timeline of what is offered now");
    m_out +=
        "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" "
        "width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect "
        "class=\"hatch-paper\" "
        "width=\"7\" height=\"7\"/><line class=\"hatch-line\" x1=\"0\" y1=\"0\" x2=\"0\" "
        "y2=\"7\"/></pattern></defs></svg>\n";
    m_out += "<div class=\"scroll\">\n" + timeline_svg(m_forecast) + "</div>\n";
    m_out +=
        "<p class=\"legend\"><span class=\"k-one\">certificate in use</span><span class=\"k-two\">its successor</span>"
        "<span class=\"k-rest\">replaced, would still be valid</span><span class=\"k-tick\">rotation</span>"
        "<span class=\"k-bad\">no valid certificate</span></p>\n";
  }

  void nobody_renews() {
    const auto groups = lapse_groups(m_forecast, m_forecast.as_offered);
    heading("If nobody renews anything");
    if (groups.empty()) {
      m_out += fmt::format("<p>Nothing lapses before {}.</p>\n", to_date(m_forecast.end));
      return;
    }
    begin_table({"from", "source", "trunks", "why"});
    const auto shown = std::min(groups.size(), k_rows_shown);
    for (std::size_t i = 0; i < shown; ++i)
      m_out += fmt::format("<tr><td class=\"day\">{}</td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
                           to_date(groups[i].from), html_text(groups[i].certificate),
                           html_text(some_trunks(m_forecast, groups[i].subjects)), html_text(groups[i].why));
    end_table(groups.size() - shown);
    for (const auto& late : m_forecast.late)
      m_out += fmt::format("<p class=\"flag\"><code>{}</code> should have been renewed on {} by the assumption{}</p>\n",
                           html_text(late.certificate), to_date(late.expected),
                           late.assumed ? fmt::format("; it is needed by {}.", to_date(*late.assumed))
                                        : std::string("; it is due, so it is not assumed to renew any more."));
  }

  void weeks() {
    const auto weeks = weeks_of(m_forecast, m_forecast.chosen());
    if (weeks.empty()) return;
    heading("Week by week");
    begin_table({"week of", "#rotations", "#lapses", "#requests", "#most in a minute", "when, and which"});
    for (const auto& week : weeks) {
      m_out += fmt::format(
          "<tr><td class=\"day\">{}</td><td class=\"number\">{}</td><td class=\"number{}\">{}</td><td "
          "class=\"number\">{}</td><td class=\"number\">{}</td><td>",
          to_date(week.monday), week.rotations, week.lapses > 0 ? " bad" : "",
          week.lapses > 0 ? std::to_string(week.lapses) : std::string("–"), week.requests, week.peak);
      for (const auto& row : week.runs) run(row);
      m_out += "</td></tr>\n";
    }
    end_table(0);
  }

  void run(const RunRow& row) {
    m_out += fmt::format("<div>{}: {}", html_text(row.when), html_text(some_trunks(m_forecast, row.subjects)));
    if (row.subjects.size() > 1)
      m_out += fmt::format(" <span class=\"soft\">({})</span>", to_words(row.ends - row.begins));
    if (row.windows_ignored > 0)
      m_out += fmt::format(" <span class=\"flag\">outside its window: {} would end too soon</span>",
                           counted(row.windows_ignored, "trunk", "trunks"));
    if (row.outside_window > 0)
      m_out += fmt::format(" <span class=\"flag\">the window closes {}, and {} start later</span>",
                           html_text(row.window_closes), counted(row.outside_window, "trunk", "trunks"));
    m_out += "</div>";
  }

  void rate() {
    if (m_forecast.chosen().requests == 0) return;
    heading("Request rate");
    m_out += "<div class=\"scroll\">\n" + rate_svg(m_forecast) + "</div>\n";
  }

  void clusters() {
    if (m_forecast.clusters.empty()) return;
    heading("Certificates that end on one day, as they are now");
    begin_table({"day", "#trunks", "#certificates", "which"});
    const auto shown = std::min<std::size_t>(m_forecast.clusters.size(), 20);
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& cluster = m_forecast.clusters[i];
      m_out += fmt::format(
          "<tr><td class=\"day\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n",
          to_date(cluster.date), cluster.subjects.size(), cluster.certificates,
          html_text(some_trunks(m_forecast, cluster.subjects)));
    }
    end_table(m_forecast.clusters.size() - shown);
  }

  void outside() {
    if (m_forecast.outside.empty()) return;
    heading("Not covered: trunks that this configuration does not bind");
    begin_table({"ends", "trunk"});
    const auto shown = std::min(m_forecast.outside.size(), k_rows_shown);
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& one = m_forecast.outside[i];
      m_out += fmt::format("<tr><td class=\"day\">{}</td><td>{} <code class=\"soft\">{}</code></td></tr>\n",
                           one.expiry ? to_date(*one.expiry) : std::string("unknown"), html_text(one.name),
                           html_text(one.id.value));
    }
    end_table(m_forecast.outside.size() - shown);
  }

  void assumptions() {
    heading("What is assumed");
    m_out += fmt::format("<ul>\n<li>{}</li>\n", html_text(assumption_text(m_forecast.chosen().renewal)));
    for (const auto& line : assumption_lines(m_forecast.assumptions))
      m_out += fmt::format("<li>{}</li>\n", html_text(line));
    m_out += "</ul>\n";
  }
};

}  // namespace

std::string html_text(std::string_view text) {
  std::string result;
  for (const char c : escape_foreign(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string forecast_html(const ForecastDocument& document) { return Page(document).write(); }

}  // namespace trunkform::views
