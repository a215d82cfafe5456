#pragma once
// What the views of a forecast share: what is grouped for people, and how things are called. Pure.
#include <string>
#include <vector>

#include "planner/forecast/forecast.hpp"
#include "schemas/model/trunk.hpp"

namespace trunkform::views {

struct ForecastDocument {
  const forecast::Forecast& forecast;
  Organisation organisation;
};

/// The trunk's name, else its address. Foreign text.
std::string trunk_title(const forecast::Subject& subject);
/// `a, b, c and 7 more`: titles of at most `shown` subjects. Foreign text.
std::string some_trunks(const forecast::Forecast& forecast, const std::vector<std::size_t>& subjects,
                        std::size_t shown = 3);
std::string counted(std::size_t count, std::string_view one, std::string_view many);

/// `2 trunks`, `2 trunks, 5 times`: how many lapse, and how often.
std::string lapsing_text(const std::vector<forecast::Lapse>& lapses);

/// Lapses of one source that begin and end together and for one reason.
struct LapseGroup {
  std::string certificate;
  Instant from{};
  forecast::LapseCause cause{};
  std::string why;
  std::string until;  ///< in words
  std::vector<std::size_t> subjects;
};
std::vector<LapseGroup> lapse_groups(const forecast::Forecast& forecast, const forecast::Scenario& scenario);

/// The trunks of one run that rotate in one week.
struct RunRow {
  const forecast::Run* run = nullptr;
  Instant begins{};
  Instant ends{};    ///< of the last trunk
  std::string when;  ///< local to the window
  std::vector<std::size_t> subjects;
  std::vector<std::string> causes;  ///< in words, each once
  std::string window_closes;        ///< local; empty: no window
  std::size_t windows_ignored = 0;
  std::size_t outside_window = 0;
};

/// From Monday to Monday, in UTC.
struct Week {
  std::chrono::sys_days monday{};
  std::size_t rotations = 0;
  std::size_t lapses = 0;
  std::uint64_t requests = 0;
  std::uint64_t peak = 0;
  std::vector<RunRow> runs;
};
std::vector<Week> weeks_of(const forecast::Forecast& forecast, const forecast::Scenario& scenario);

/// The assumption about the sources, in a sentence without capital and period.
std::string assumption_text(const forecast::Renewal& renewal);
/// All other assumptions, one each.
std::vector<std::string> assumption_lines(const forecast::Assumptions& assumptions);

/// `for good`, or until when and how long.
std::string until_text(const forecast::Lapse& lapse);

}  // namespace trunkform::views
