#include "cmd/trunkform/views/forecast_ics.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/model/version.hpp"

namespace trunkform::views {
namespace {

using forecast::Forecast;
using forecast::Lapse;
using forecast::Rotation;

constexpr std::size_t k_line = 75;
constexpr std::size_t k_uid_digits = 32;
constexpr Duration k_least_event = std::chrono::minutes(1);
/// What a lapse without end takes in a calendar; its words say that it stays.
constexpr Duration k_open_lapse = std::chrono::hours(24);

/// DATE-TIME in UTC (RFC 5545 §3.3.5, form 2).
std::string ics_time(Instant at) {
  std::string text;
  for (const char c : to_rfc3339(std::chrono::floor<std::chrono::seconds>(at)))
    if (c != '-' && c != ':') text += c;
  return text;
}

struct Event {
  std::string key;  ///< what it is, for the UID
  Instant begins{};
  Instant ends{};
  std::string summary;
  std::string description;
  std::string category;
  std::vector<std::string> alarms;  ///< `-P7D`, before it begins
};

class CalendarWriter {
 public:
  explicit CalendarWriter(const ForecastDocument& document)
      : m_forecast(document.forecast), m_organisation(document.organisation) {}

  std::string write() {
    add("BEGIN", "VCALENDAR");
    add("VERSION", "2.0");
    add("PRODID", fmt::format("-//trunkform//forecast {}//EN", version()));
    add("CALSCALE", "GREGORIAN");
    add("METHOD", "PUBLISH");
    add("X-WR-CALNAME", ics_text(fmt::format("trunkform: {}", m_organisation.name)));
    add("REFRESH-INTERVAL;VALUE=DURATION", "P1D");
    for (const auto& lapse : m_forecast.chosen().lapses) event(of_lapse(lapse));
    if (m_forecast.renewed) renewals();
    for (const auto& rotation : m_forecast.chosen().rotations) event(of_rotation(rotation));
    add("END", "VCALENDAR");
    return std::move(m_out);
  }

 private:
  const Forecast& m_forecast;
  const Organisation& m_organisation;
  std::string m_out;

  void add(std::string_view name, std::string_view value) { m_out += ics_line(name, value); }

  void event(const Event& event) {
    const auto begins = std::max(event.begins, Instant{});
    add("BEGIN", "VEVENT");
    add("UID", sha256_hex(m_organisation.id + "|" + event.key).substr(0, k_uid_digits) + "@forecast.trunkform.invalid");
    add("DTSTAMP", ics_time(m_forecast.start));
    add("DTSTART", ics_time(begins));
    add("DTEND", ics_time(std::max(event.ends, begins + k_least_event)));
    add("SUMMARY", ics_text(event.summary));
    add("DESCRIPTION", ics_text(event.description));
    add("CATEGORIES", ics_text(event.category));
    add("TRANSP", "TRANSPARENT");
    for (const auto& trigger : event.alarms) {
      add("BEGIN", "VALARM");
      add("ACTION", "DISPLAY");
      add("TRIGGER", trigger);
      add("DESCRIPTION", ics_text(event.summary));
      add("END", "VALARM");
    }
    add("END", "VEVENT");
  }

  Event of_rotation(const Rotation& rotation) const {
    const auto& subject = m_forecast.subjects[rotation.subject];
    const auto address = to_string(subject.address);
    Event event;
    event.key = fmt::format("rotation|{}|{}", address, rotation.old_expiry ? to_rfc3339(*rotation.old_expiry) : "none");
    event.begins = rotation.begins;
    event.ends = rotation.ends;
    event.summary = fmt::format("rotate {}", trunk_title(subject));
    event.description = fmt::format("{}\n{}: {}\nnew certificate until {}", address, to_string(rotation.cause),
                                    subject.certificate, to_date(rotation.new_expiry));
    if (rotation.old_expiry)
      event.description += fmt::format("\nthe old one ends {}", to_rfc3339(*rotation.old_expiry));
    if (rotation.window_ignored) event.description += "\noutside its window: " + rotation.warning;
    event.category = "trunkform rotation";
    return event;
  }

  Event of_lapse(const Lapse& lapse) const {
    const auto& subject = m_forecast.subjects[lapse.subject];
    const auto address = to_string(subject.address);
    Event event;
    const bool is_new = lapse.cause == forecast::LapseCause::nothing_live || !subject.expiry;
    event.key = fmt::format("lapse|{}|{}", address, is_new ? std::string("none") : to_rfc3339(lapse.from));
    event.begins = lapse.from;
    event.ends = lapse.until.value_or(lapse.from + k_open_lapse);
    event.summary = fmt::format("NO VALID CERTIFICATE: {}", trunk_title(subject));
    event.description = fmt::format("{}\nfrom {} {}\n{}: {}", address, to_rfc3339(lapse.from), until_text(lapse),
                                    to_string(lapse.cause), lapse.why);
    event.category = "trunkform lapse";
    event.alarms = {"-P14D", "-P3D", "PT0S"};
    return event;
  }

  /// What nobody's renewing would end, by source; what lapses anyhow has its event already.
  void renewals() {
    std::set<std::pair<std::size_t, Instant>> told;
    for (const auto& lapse : m_forecast.chosen().lapses) told.emplace(lapse.subject, lapse.from);
    for (const auto& group : lapse_groups(m_forecast, m_forecast.as_offered)) {
      const bool is_told = std::all_of(group.subjects.begin(), group.subjects.end(),
                                       [&](std::size_t subject) { return told.contains({subject, group.from}); });
      if (is_told) continue;
      Event event;
      event.key = fmt::format("renewal|{}|{}|{}", group.certificate, to_rfc3339(group.from),
                              to_string(m_forecast.subjects[group.subjects.front()].address));
      event.begins = group.from;
      event.ends = group.from + k_open_lapse;
      event.summary = fmt::format("unless renewed: {} without a valid certificate",
                                  counted(group.subjects.size(), "trunk", "trunks"));
      event.description =
          fmt::format("{}\n{}\n{}", group.certificate, some_trunks(m_forecast, group.subjects, 20), group.why);
      event.category = "trunkform renewal";
      event.alarms = {"-P14D", "-P3D"};
      this->event(event);
    }
  }
};

}  // namespace

std::string ics_text(std::string_view text) {
  std::string result;
  std::size_t at = 0;
  while (at <= text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (at > 0) result += "\\n";
    for (const char c : escape_foreign(text.substr(at, end - at))) {
      if (c == '\\' || c == ';' || c == ',') result += '\\';
      result += c;
    }
    at = end + 1;
  }
  return result;
}

std::string ics_line(std::string_view name, std::string_view value) {
  const auto line = fmt::format("{}:{}", name, value);
  std::string folded;
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t length = 1;
    while (i + length < line.size() && (static_cast<unsigned char>(line[i + length]) & 0xC0U) == 0x80U) ++length;
    if (width + length > k_line) {
      folded += "\r\n ";
      width = 1;
    }
    folded += line.substr(i, length);
    width += length;
    i += length;
  }
  return folded + "\r\n";
}

std::string forecast_ics(const ForecastDocument& document) { return CalendarWriter(document).write(); }

}  // namespace trunkform::views
