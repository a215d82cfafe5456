#include "cmd/trunkform/views/forecast_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trunkform::views {
namespace {

using forecast::Forecast;

constexpr std::size_t k_lapses_shown = 20;
constexpr std::size_t k_groups_shown = 20;
constexpr std::size_t k_names_shown = 10;
constexpr std::size_t k_few_shown = 5;

class ForecastWriter {
 public:
  ForecastWriter(const Forecast& forecast, const TextStyle& style) : m_forecast(forecast), m_style(style) {}

  std::string write() {
    headline();
    chosen_lapses();
    unproven();
    if (m_forecast.renewed) if_nobody_renews();
    late_sources();
    timetable();
    rate();
    clusters();
    outside();
    assumptions();
    verdict();
    return std::move(m_out);
  }

 private:
  const Forecast& m_forecast;
  const TextStyle& m_style;
  std::string m_out;

  template <class... Parts>
  void line(fmt::format_string<Parts...> format, Parts&&... parts) {
    m_out += fmt::format(format, std::forward<Parts>(parts)...);
    m_out += '\n';
  }
  void blank() { m_out += '\n'; }
  std::string in(Instant at) const {
    return at < m_forecast.start ? fmt::format("{} ago", to_words(m_forecast.start - at))
                                 : fmt::format("in {}", to_words(at - m_forecast.start));
  }
  static std::string trunks(std::size_t count) { return counted(count, "trunk", "trunks"); }

  void headline() {
    const auto days = std::chrono::duration_cast<std::chrono::days>(m_forecast.end - m_forecast.start).count();
    line("{} {} from {} to {} ({}).", m_style.bold("Forecast:"), trunks(m_forecast.subjects.size()),
         to_date(m_forecast.start), to_date(m_forecast.end), counted(static_cast<std::size_t>(days), "day", "days"));
    blank();
  }

  void chosen_lapses() {
    const auto& lapses = m_forecast.chosen().lapses;
    if (lapses.empty()) return;
    line("{}", m_style.red(m_style.bold(fmt::format("WITHOUT A VALID CERTIFICATE{}: {}",
                                                    m_forecast.renewed ? ", even if sources renew in time" : "",
                                                    lapsing_text(lapses)))));
    if (lapses.size() <= k_lapses_shown)
      for (const auto& one : lapses) lapse(one);
    else
      grouped_lapses();
    blank();
  }

  void lapse(const forecast::Lapse& lapse) {
    const auto& subject = m_forecast.subjects[lapse.subject];
    line("  {} {}  {}", m_style.red("!"), m_style.bold(escape_foreign(to_string(subject.address))),
         m_style.faint(escape_foreign(subject.trunk_name)));
    line("      from {} ({}) {}", to_rfc3339(lapse.from), in(lapse.from), until_text(lapse));
    line("      {}: {}", to_string(lapse.cause), escape_foreign(lapse.why));
  }

  /// So that no source with hundreds of trunks hides what lapses after it.
  void grouped_lapses() {
    const auto groups = lapse_groups(m_forecast, m_forecast.chosen());
    for (std::size_t i = 0; i < std::min(groups.size(), k_groups_shown); ++i) {
      const auto& group = groups[i];
      line("  {} {}  {}", m_style.red("!"), m_style.bold(trunks(group.subjects.size())),
           m_style.faint(escape_foreign(group.certificate)));
      line("      from {} ({}) {}", to_rfc3339(group.from), in(group.from), group.until);
      line("      {}: {}", to_string(group.cause), escape_foreign(group.why));
      line("      {}", escape_foreign(some_trunks(m_forecast, group.subjects, k_names_shown)));
    }
    if (groups.size() > k_groups_shown)
      line("  … and {}", counted(groups.size() - k_groups_shown, "more group", "more groups"));
    line("  trunkform forecast -json names every trunk.");
  }

  void unproven() {
    if (m_forecast.unproven.empty()) return;
    line("{}", m_style.yellow(m_style.bold(fmt::format("NOT PROVEN: {}", trunks(m_forecast.unproven.size())))));
    for (const auto& one : m_forecast.unproven)
      line("  {} {}: {}", m_style.yellow("?"), escape_foreign(to_string(m_forecast.subjects[one.subject].address)),
           escape_foreign(one.why));
    blank();
  }

  void if_nobody_renews() {
    const auto& scenario = m_forecast.as_offered;
    line("{}", m_style.bold("If nobody renews anything"));
    if (scenario.lapses.empty()) {
      line("  nothing lapses before {}.", to_date(m_forecast.end));
      return blank();
    }
    const auto groups = lapse_groups(m_forecast, scenario);
    for (std::size_t i = 0; i < std::min(groups.size(), k_groups_shown); ++i) {
      const auto& group = groups[i];
      line("  {}  {}: {} ({})", m_style.yellow(to_date(group.from)), escape_foreign(group.certificate),
           escape_foreign(some_trunks(m_forecast, group.subjects)), in(group.from));
      if (group.cause != forecast::LapseCause::source_not_renewed)
        line("              {}: {}", to_string(group.cause), escape_foreign(group.why));
    }
    if (groups.size() > k_groups_shown)
      line("  … and {}", counted(groups.size() - k_groups_shown, "more date", "more dates"));
    blank();
  }

  void late_sources() {
    for (const auto& late : m_forecast.late) {
      line("{} {} should have been renewed on {} by the assumption{}", m_style.yellow("Late:"),
           escape_foreign(late.certificate), to_date(late.expected),
           late.assumed ? fmt::format("; it is needed by {}, and assumed for then.", to_date(*late.assumed))
                        : std::string("; it is due, so it is not assumed to renew any more."));
    }
    if (!m_forecast.late.empty()) blank();
  }

  void timetable() {
    const auto& scenario = m_forecast.chosen();
    line("{}", m_style.bold(m_forecast.renewed ? fmt::format("If sources renew ({})", to_string(scenario.renewal))
                                               : std::string("What is offered now")));
    if (scenario.rotations.empty()) {
      line("  no trunk rotates before {}.", to_date(m_forecast.end));
      return blank();
    }
    line("  {:<10}  {:>9}  {:>6}  {:>8}  {:>8}  {}", "week of", "rotations", "lapses", "requests", "a minute",
         "when, and which");
    for (const auto& week : weeks_of(m_forecast, scenario)) week_rows(week);
    if (scenario.narrowest) {
      const auto& narrowest = scenario.rotations[*scenario.narrowest];
      const auto margin = *narrowest.margin();
      if (margin >= Duration::zero())
        line("  The narrowest: {} on {}, {} before its end.",
             escape_foreign(trunk_title(m_forecast.subjects[narrowest.subject])), to_date(narrowest.bound),
             to_words(margin));
    }
    blank();
  }

  void week_rows(const Week& week) {
    auto head =
        fmt::format("  {}  {:>9}  {}  {:>8}  {:>8}", to_date(week.monday), week.rotations,
                    week.lapses > 0 ? m_style.red(fmt::format("{:>6}", week.lapses)) : fmt::format("{:>6}", "-"),
                    week.requests, week.peak);
    if (week.runs.empty()) return line("{}", head);
    bool is_first = true;
    for (const auto& row : week.runs) {
      line("{}  {}", is_first ? head : std::string(51, ' '), run_text(row));
      is_first = false;
    }
  }

  std::string run_text(const RunRow& row) const {
    auto text = row.when;
    if (row.subjects.size() > 1) text += fmt::format(", takes {}", to_words(row.ends - row.begins));
    text += fmt::format(": {}", escape_foreign(some_trunks(m_forecast, row.subjects)));
    std::string causes;
    for (const auto& cause : row.causes) causes += (causes.empty() ? "" : ", ") + cause;
    text += m_style.faint(fmt::format("  ({})", causes));
    if (row.windows_ignored > 0)
      text += m_style.yellow(fmt::format("  outside its window: {} would end too soon", trunks(row.windows_ignored)));
    if (row.outside_window > 0)
      text += m_style.yellow(
          fmt::format("  the window closes {}, and {} start later", row.window_closes, trunks(row.outside_window)));
    return text;
  }

  void rate() {
    const auto& scenario = m_forecast.chosen();
    if (scenario.requests == 0) return;
    const auto busiest = std::max_element(scenario.days.begin(), scenario.days.end(),
                                          [](const auto& a, const auto& b) { return a.requests < b.requests; });
    const auto longest = std::max_element(scenario.runs.begin(), scenario.runs.end(), [](const auto& a, const auto& b) {
      return a.ends - a.begins < b.ends - b.begins;
    });
    line(
        "{} {}; at most {} in a minute of {} allowed; the busiest day is {} with {}; the longest run takes "
        "{}.",
        m_style.bold("Rate:"), counted(scenario.requests, "request", "requests"), scenario.peak,
        m_forecast.assumptions.requests_per_minute, to_date(busiest->date), busiest->requests,
        to_words(longest->ends - longest->begins));
    blank();
  }

  void clusters() {
    if (m_forecast.clusters.empty()) return;
    line("{} certificates that end on one day, as they are now:", m_style.bold("Clusters:"));
    for (std::size_t i = 0; i < std::min(m_forecast.clusters.size(), k_few_shown); ++i) {
      const auto& cluster = m_forecast.clusters[i];
      line("  {}  {} with {}: {}", to_date(cluster.date), trunks(cluster.subjects.size()),
           counted(cluster.certificates, "certificate", "certificates"),
           escape_foreign(some_trunks(m_forecast, cluster.subjects)));
    }
    if (m_forecast.clusters.size() > k_few_shown)
      line("  … and {}", counted(m_forecast.clusters.size() - k_few_shown, "more day", "more days"));
    blank();
  }

  void outside() {
    if (m_forecast.outside.empty()) return;
    line("{} {} that this configuration does not bind; nothing here renews them:", m_style.bold("Not covered:"),
         trunks(m_forecast.outside.size()));
    for (std::size_t i = 0; i < std::min(m_forecast.outside.size(), k_few_shown); ++i) {
      const auto& one = m_forecast.outside[i];
      line("  {}  {}", one.expiry ? to_date(*one.expiry) : std::string("unknown   "), escape_foreign(one.name));
    }
    if (m_forecast.outside.size() > k_few_shown)
      line("  … and {} more: trunkform inventory lists all", m_forecast.outside.size() - k_few_shown);
    blank();
  }

  void assumptions() {
    line("{}", m_style.bold("Assumed:"));
    line("  {}", assumption_text(m_forecast.chosen().renewal));
    for (const auto& text : assumption_lines(m_forecast.assumptions)) line("  {}", text);
    blank();
  }

  void verdict() {
    const auto& lapses = m_forecast.chosen().lapses;
    if (!lapses.empty())
      return line("{} {} would be without a valid certificate; see above.", m_style.red("Lapses:"),
                  lapsing_text(lapses));
    if (!m_forecast.unproven.empty())
      return line("{} of what can be seen, nothing lapses before {}.", m_style.yellow("Not proven:"),
                  to_date(m_forecast.end));
    line("{} {}", m_style.green("Nothing lapses"),
         m_forecast.renewed ? fmt::format("before {}, as long as every source renews in time.", to_date(m_forecast.end))
                            : fmt::format("before {}, even if nobody renews anything.", to_date(m_forecast.end)));
  }
};

}  // namespace

std::string forecast_text(const ForecastDocument& document, const TextStyle& style) {
  return ForecastWriter(document.forecast, style).write();
}

}  // namespace trunkform::views
