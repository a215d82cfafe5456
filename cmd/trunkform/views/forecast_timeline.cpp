#include "cmd/trunkform/views/forecast_timeline.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cmd/trunkform/views/forecast_html.hpp"
#include "cmd/trunkform/views/text_style.hpp"

namespace trunkform::views {
namespace {

using forecast::Forecast;
using forecast::Rotation;

constexpr std::size_t k_rows = 60;
constexpr double k_width = 1100;
constexpr double k_left = 250;
constexpr double k_right = 16;
constexpr double k_head = 44;
constexpr double k_row = 24;
constexpr double k_bar = 12;
constexpr double k_rate_height = 120;
constexpr std::size_t k_label = 34;

struct Row {
  std::string label;
  std::vector<std::size_t> subjects;
};

/// From time to the drawing's x.
class Scale {
 public:
  explicit Scale(const Forecast& forecast) : m_start(forecast.start), m_end(forecast.end) {}
  double x(Instant at) const {
    const auto inside = std::clamp(at, m_start, m_end) - m_start;
    const auto all = std::max(m_end - m_start, Duration(1));
    return k_left +
           (k_width - k_left - k_right) * static_cast<double>(inside.count()) / static_cast<double>(all.count());
  }
  bool shows(Instant from, Instant to) const { return to > m_start && from < m_end; }

  /// The first days of months, every so many that their names have room.
  std::vector<std::chrono::year_month_day> months() const {
    const std::chrono::year_month_day first(std::chrono::ceil<std::chrono::days>(m_start));
    std::vector<std::chrono::year_month_day> all;
    for (auto month = first.year() / first.month() / 1; std::chrono::sys_days(month) < m_end;
         month += std::chrono::months(1))
      if (std::chrono::sys_days(month) >= m_start) all.emplace_back(month);
    const auto step = all.size() / 15 + 1;
    std::vector<std::chrono::year_month_day> shown;
    for (std::size_t i = 0; i < all.size(); i += step) shown.push_back(all[i]);
    return shown;
  }

 private:
  Instant m_start;
  Instant m_end;
};

std::string month_name(std::chrono::year_month_day day) {
  constexpr std::array k_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto month = static_cast<unsigned>(day.month());
  return month == 1 ? fmt::format("Jan {}", static_cast<int>(day.year())) : std::string(k_names.at(month - 1));
}

std::string grid(const Scale& scale, double top, double bottom) {
  std::string svg;
  for (const auto month : scale.months()) {
    const auto x = scale.x(std::chrono::sys_days(month));
    svg += fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/>", x, top,
                       bottom);
    if (x < k_width - 60)
      svg +=
          fmt::format("<text class=\"axis\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", x + 3, top - 6, month_name(month));
  }
  return svg;
}

std::string rect(std::string_view style, double x1, double x2, double y, double height, std::string_view title) {
  return fmt::format(
      "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{}</title></rect>\n",
      style, x1, y, std::max(x2 - x1, 1.5), height, html_text(title));
}

/// Few trunks: a row each, those that lapse first. Many: a row for those alike.
std::vector<Row> rows_of(const Forecast& forecast) {
  std::set<std::size_t> lapsing;
  for (const auto& lapse : forecast.chosen().lapses) lapsing.insert(lapse.subject);
  std::vector<std::size_t> order(forecast.subjects.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto key = [&](std::size_t i) {
      return std::pair(!lapsing.contains(i), forecast.subjects[i].expiry.value_or(Instant::min()));
    };
    return key(a) < key(b);
  });
  std::vector<Row> rows;
  std::map<std::tuple<std::string, std::string, std::optional<Instant>, bool>, std::size_t> groups;
  for (const auto index : order) {
    const auto& subject = forecast.subjects[index];
    if (order.size() <= k_rows) {
      rows.push_back({trunk_title(subject), {index}});
      continue;
    }
    const auto [found, added] = groups.try_emplace(
        {subject.carrier, subject.certificate, subject.expiry, lapsing.contains(index)}, rows.size());
    if (added) rows.emplace_back();
    rows[found->second].subjects.push_back(index);
  }
  if (order.size() > k_rows)
    for (auto& row : rows) {
      const auto& subject = forecast.subjects[row.subjects.front()];
      row.label = row.subjects.size() == 1
                      ? trunk_title(subject)
                      : fmt::format("{}× {}", row.subjects.size(),
                                    subject.certificate.substr(subject.certificate.rfind('.') + 1));
    }
  return rows;
}

class Timeline {
 public:
  explicit Timeline(const Forecast& forecast) : m_forecast(forecast), m_scale(forecast), m_rows(rows_of(forecast)) {
    for (const auto& rotation : forecast.chosen().rotations) m_rotations[rotation.subject].push_back(&rotation);
    for (const auto& lapse : forecast.chosen().lapses) m_lapses[lapse.subject].push_back(&lapse);
  }

  std::string draw() {
    const auto shown = std::min(m_rows.size(), k_rows);
    const bool is_cut = m_rows.size() > shown;
    const auto bottom = k_head + k_row * static_cast<double>(shown) + 6;
    const auto height = bottom + (is_cut ? 22 : 4);
    m_svg = fmt::format(
        "<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-labelledby=\"timeline-title timeline-desc\">\n"
        "<title id=\"timeline-title\">Which certificate each trunk has, from {} to {}</title>\n"
        "<desc id=\"timeline-desc\">{}</desc>\n",
        k_width, height, to_date(m_forecast.start), to_date(m_forecast.end), html_text(description()));
    m_svg += grid(m_scale, k_head - 14, bottom);
    for (std::size_t i = 0; i < shown; ++i) row(m_rows[i], k_head + k_row * static_cast<double>(i));
    if (is_cut)
      m_svg += fmt::format(
          "<text class=\"axis\" x=\"{:.0f}\" y=\"{:.0f}\">and {}: trunkform forecast -json has all</text>\n", k_left,
          bottom + 14, counted(m_rows.size() - shown, "more row", "more rows"));
    return std::move(m_svg += "</svg>\n");
  }

 private:
  const Forecast& m_forecast;
  Scale m_scale;
  std::vector<Row> m_rows;
  std::map<std::size_t, std::vector<const Rotation*>> m_rotations;
  std::map<std::size_t, std::vector<const forecast::Lapse*>> m_lapses;
  std::string m_svg;

  std::string description() const {
    const auto& scenario = m_forecast.chosen();
    return fmt::format(
        "{}, {}, {}. A bar is a certificate in use; its pale end is what is left of it when the next one is bound; a "
        "tick is a rotation; a hatched red bar is time without a valid certificate. The tables below say the same in "
        "words.",
        counted(m_forecast.subjects.size(), "trunk", "trunks"),
        counted(scenario.rotations.size(), "rotation", "rotations"),
        counted(scenario.lapses.size(), "lapse", "lapses"));
  }

  void row(const Row& row, double y) {
    const auto first = row.subjects.front();
    const auto& subject = m_forecast.subjects[first];
    auto label = escape_foreign(row.label);
    if (text_width(label) > k_label) label = fit(label, k_label);
    m_svg += fmt::format("<text class=\"label\" x=\"{:.0f}\" y=\"{:.1f}\">{}<title>{}</title></text>\n", k_left - 10,
                         y + k_row / 2 + 4, html_text(label),
                         html_text(fmt::format("{}: {}", to_string(subject.address), subject.certificate)));
    bars(first, y + (k_row - k_bar) / 2);
    std::set<std::pair<Instant, std::optional<Instant>>> drawn;
    for (const auto member : row.subjects)
      for (const auto* lapse : m_lapses[member])
        if (drawn.emplace(lapse->from, lapse->until).second) lapse_bar(*lapse, y + (k_row - k_bar) / 2);
  }

  void bars(std::size_t subject, double y) {
    const auto& facts = m_forecast.subjects[subject];
    auto from = m_forecast.start;
    auto expiry = facts.expiry;
    std::size_t generation = 0;
    for (const auto* rotation : m_rotations[subject]) {
      if (expiry) bar(generation++, from, std::min(rotation->bound, *expiry), *expiry, y);
      const auto x = m_scale.x(rotation->bound);
      m_svg += rect("tick", x - 1, x + 1, y - 2, k_bar + 4,
                    fmt::format("{}: {}, bound {}", trunk_title(facts), to_string(rotation->cause),
                                to_rfc3339(std::chrono::floor<std::chrono::seconds>(rotation->bound))));
      from = rotation->bound;
      expiry = rotation->new_expiry;
    }
    if (expiry) bar(generation, from, *expiry, *expiry, y);
  }

  void bar(std::size_t generation, Instant from, Instant to, Instant expiry, double y) {
    if (to > from && m_scale.shows(from, to))
      m_svg += rect(generation % 2 == 0 ? "even" : "odd", m_scale.x(from), m_scale.x(to), y, k_bar,
                    fmt::format("in use from {} to {}, valid until {}", to_date(from), to_date(to), to_date(expiry)));
    if (expiry > to && m_scale.shows(to, expiry))
      m_svg += rect("rest", m_scale.x(to), m_scale.x(expiry), y + k_bar + 1.5, 3,
                    fmt::format("would still be valid until {}", to_date(expiry)));
  }

  void lapse_bar(const forecast::Lapse& lapse, double y) {
    const auto until = lapse.until.value_or(m_forecast.end);
    m_svg +=
        rect("lapse", m_scale.x(lapse.from), std::max(m_scale.x(until), m_scale.x(lapse.from) + 4), y - 2, k_bar + 4,
             fmt::format("{} has no valid certificate from {} {}: {}", trunk_title(m_forecast.subjects[lapse.subject]),
                         to_rfc3339(lapse.from), until_text(lapse), lapse.why));
  }
};

}  // namespace

std::string timeline_svg(const Forecast& forecast) { return Timeline(forecast).draw(); }

std::string rate_svg(const Forecast& forecast) {
  const Scale scale(forecast);
  const auto& scenario = forecast.chosen();
  const double bottom = k_head + k_rate_height;
  const auto limit = static_cast<std::uint64_t>(std::max(forecast.assumptions.requests_per_minute, 1));
  // Far below the limit, the limit itself would press the bars flat.
  const bool shows_limit = scenario.peak * 8 >= limit;
  const auto ceiling = shows_limit ? limit : std::max<std::uint64_t>(scenario.peak * 2, 1);
  const auto top_of = [&](std::uint64_t peak) {
    return bottom -
           std::max(k_rate_height * std::min(static_cast<double>(peak) / static_cast<double>(ceiling), 1.0), 2.0);
  };
  auto svg = fmt::format(
      "<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-labelledby=\"rate-title rate-desc\">\n"
      "<title id=\"rate-title\">Most requests in a minute, day by day</title>\n"
      "<desc id=\"rate-desc\">At most {} of {} requests in a minute are used; {} in all.</desc>\n",
      k_width, bottom + 8, scenario.peak, forecast.assumptions.requests_per_minute,
      counted(scenario.requests, "request", "requests"));
  svg += grid(scale, k_head - 14, bottom);
  svg += fmt::format(
      "<line class=\"{7}\" x1=\"{0:.0f}\" y1=\"{1:.0f}\" x2=\"{2:.0f}\" y2=\"{1:.0f}\"/>"
      "<text class=\"label\" x=\"{3:.0f}\" y=\"{4:.0f}\">{5}</text>\n"
      "<line class=\"base\" x1=\"{0:.0f}\" y1=\"{6:.0f}\" x2=\"{2:.0f}\" y2=\"{6:.0f}\"/>"
      "<text class=\"label\" x=\"{3:.0f}\" y=\"{6:.0f}\">0</text>\n",
      k_left, k_head, k_width - k_right, k_left - 10, k_head + 4,
      shows_limit ? fmt::format("{} a minute allowed", limit) : fmt::format("{} a minute ({} allowed)", ceiling, limit),
      bottom, shows_limit ? "limit" : "grid");
  for (const auto& day : scenario.days) {
    if (day.requests == 0 || Instant(day.date) > forecast.end) continue;
    const auto x = scale.x(day.date);
    const auto y = top_of(day.peak);
    svg += rect("rate", x, std::max(scale.x(day.date + std::chrono::days(1)) - 0.5, x + 1.5), y, bottom - y,
                fmt::format("{}: {}, at most {} in a minute", to_date(day.date),
                            counted(day.requests, "request", "requests"), day.peak));
  }
  return svg + "</svg>\n";
}

}  // namespace trunkform::views
