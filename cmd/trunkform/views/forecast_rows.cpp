#include "cmd/trunkform/views/forecast_rows.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "planner/schedule/window.hpp"

namespace trunkform::views {
namespace {

using forecast::Forecast;
using forecast::Rotation;
using forecast::Scenario;

std::chrono::sys_days monday_of(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

void add_once(std::vector<std::string>& words, std::string word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
}

void add_rotation(const Forecast& forecast, const Rotation& rotation, RunRow& row) {
  if (row.subjects.empty()) {
    const auto& zone = forecast.subjects[rotation.subject].timezone;
    row.begins = rotation.begins;
    row.when = schedule::local_text(rotation.begins, zone);
    if (rotation.window) row.window_closes = schedule::local_text(rotation.window->closes, zone);
  }
  row.ends = std::max(row.ends, rotation.ends);
  row.subjects.push_back(rotation.subject);
  add_once(row.causes, std::string(to_string(rotation.cause)));
  row.windows_ignored += rotation.window_ignored ? 1U : 0U;
  row.outside_window += rotation.outside_window ? 1U : 0U;
}

}  // namespace

std::string trunk_title(const forecast::Subject& subject) {
  return subject.trunk_name.empty() ? to_string(subject.address) : subject.trunk_name;
}

std::string some_trunks(const Forecast& forecast, const std::vector<std::size_t>& subjects, std::size_t shown) {
  std::string text;
  const auto count = std::min(shown, subjects.size());
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + trunk_title(forecast.subjects[subjects[i]]);
  if (subjects.size() > count) text += fmt::format(" and {} more", subjects.size() - count);
  return text;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string lapsing_text(const std::vector<forecast::Lapse>& lapses) {
  std::set<std::size_t> subjects;
  for (const auto& lapse : lapses) subjects.insert(lapse.subject);
  auto text = counted(subjects.size(), "trunk", "trunks");
  if (subjects.size() < lapses.size()) text += fmt::format(", {} times", lapses.size());
  return text;
}

std::vector<LapseGroup> lapse_groups(const Forecast& forecast, const Scenario& scenario) {
  std::vector<LapseGroup> groups;
  std::map<std::tuple<std::string, Instant, std::optional<Instant>, std::string>, std::size_t> index;
  for (const auto& lapse : scenario.lapses) {
    const auto& certificate = forecast.subjects[lapse.subject].certificate;
    const auto [found, added] = index.try_emplace({certificate, lapse.from, lapse.until, lapse.why}, groups.size());
    if (added) groups.push_back({certificate, lapse.from, lapse.cause, lapse.why, until_text(lapse), {}});
    groups[found->second].subjects.push_back(lapse.subject);
  }
  return groups;
}

std::vector<Week> weeks_of(const Forecast& forecast, const Scenario& scenario) {
  std::map<std::chrono::sys_days, Week> weeks;
  for (const auto& day : scenario.days) {
    auto& week = weeks[monday_of(day.date)];
    week.rotations += day.rotations;
    week.lapses += day.lapses;
    week.requests += day.requests;
    week.peak = std::max(week.peak, day.peak);
  }
  std::map<std::pair<std::chrono::sys_days, std::size_t>, RunRow> rows;
  for (const auto& rotation : scenario.rotations) {
    auto& row = rows[{monday_of(rotation.bound), rotation.run}];
    row.run = &scenario.runs[rotation.run];
    add_rotation(forecast, rotation, row);
  }
  for (auto& [key, row] : rows) weeks[key.first].runs.push_back(std::move(row));
  std::vector<Week> result;
  for (auto& [monday, week] : weeks) {
    week.monday = monday;
    result.push_back(std::move(week));
  }
  return result;
}

std::string assumption_text(const forecast::Renewal& renewal) {
  if (renewal.kind == forecast::Renewal::Kind::as_offered) return "no source ever offers anything newer than today";
  return fmt::format("a source offers a successor of the same lifetime once {} are over", fraction_in_words(renewal));
}

std::vector<std::string> assumption_lines(const forecast::Assumptions& assumptions) {
  return {
      fmt::format("apply runs now, then every {}, and whenever a window opens", to_string(assumptions.apply_every)),
      fmt::format("a request takes {}, at most {} begin in a minute; a probe takes as long as `within` allows",
                  to_string(assumptions.request), assumptions.requests_per_minute),
      "every step succeeds, but no chain on a carrier where it has failed; nobody changes a trunk or the configuration",
  };
}

std::string until_text(const forecast::Lapse& lapse) {
  if (!lapse.until) return "for good";
  return fmt::format("until {} ({})", to_rfc3339(std::chrono::ceil<std::chrono::seconds>(*lapse.until)),
                     to_words(*lapse.until - lapse.from));
}

}  // namespace trunkform::views
