#include "schemas/model/time.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace trunkform {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct DurationUnit {
  std::string_view suffix;
  Duration length;
  std::string_view word;
};

// Descending, as they must be written.
constexpr std::array<DurationUnit, 5> k_duration_units{{{"d", days(1), "day"},
                                                        {"h", hours(1), "h"},
                                                        {"m", minutes(1), "min"},
                                                        {"s", seconds(1), "s"},
                                                        {"ms", milliseconds(1), "ms"}}};

constexpr Duration k_longest_duration = days(36525);

/// Takes exactly `width` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<milliseconds> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return milliseconds(0);
  std::size_t digits = 0;
  int value = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits < 3) value = value * 10 + (text[digits] - '0');
    ++digits;
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (std::size_t i = digits; i < 3; ++i) value *= 10;
  text.remove_prefix(digits);
  return milliseconds(value);
}

std::optional<minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return minutes(0);
  const bool east = take(text, '+');
  if (!east && !take(text, '-')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  const auto offset = hours(*hour) + minutes(*minute);
  return east ? offset : -offset;
}

std::optional<std::chrono::year_month_day> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return date;
}

}  // namespace

std::string to_date(Instant instant) {
  const std::chrono::year_month_day date{std::chrono::floor<days>(instant)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string to_rfc3339(Instant instant) {
  const auto midnight = std::chrono::floor<days>(instant);
  const std::chrono::hh_mm_ss time{instant - midnight};
  const auto fraction = time.subseconds().count();
  return fmt::format("{}T{:02}:{:02}:{:02}{}Z", to_date(instant), time.hours().count(), time.minutes().count(),
                     time.seconds().count(), fraction == 0 ? std::string() : fmt::format(".{:03}", fraction));
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Instant(std::chrono::sys_days(*date)) + hours(*hour) + minutes(*minute) + seconds(*second) + *fraction -
         *offset;
}

std::optional<Duration> parse_duration(std::string_view text) {
  if (text == "0") return Duration(0);
  if (text.empty()) return std::nullopt;
  Duration total(0);
  std::size_t next_unit = 0;
  while (!text.empty()) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::size_t letters = 0;
    while (letters < text.size() && text[letters] >= 'a' && text[letters] <= 'z') ++letters;
    const auto suffix = text.substr(0, letters);
    while (next_unit < k_duration_units.size() && k_duration_units[next_unit].suffix != suffix) ++next_unit;
    if (next_unit == k_duration_units.size()) return std::nullopt;
    const auto unit = k_duration_units[next_unit++].length;
    if (value > k_longest_duration / unit) return std::nullopt;
    total += value * unit;
    text.remove_prefix(letters);
  }
  if (total > k_longest_duration) return std::nullopt;
  return total;
}

std::string to_string(Duration duration) {
  if (duration.count() == 0) return "0s";
  std::string text = duration.count() < 0 ? "-" : "";
  auto rest = duration.count() < 0 ? -duration : duration;
  for (const auto& unit : k_duration_units) {
    const auto amount = rest / unit.length;
    if (amount > 0) text += fmt::format("{}{}", amount, unit.suffix);
    rest -= amount * unit.length;
  }
  return text;
}

std::string to_words(Duration duration) {
  const std::string sign = duration.count() < 0 ? "-" : "";
  const auto length = duration.count() < 0 ? -duration : duration;
  if (length >= hours(48)) return fmt::format("{}{} days", sign, length / days(1));
  if (length >= days(1)) return sign + "1 day";
  for (std::size_t i = 1; i < k_duration_units.size(); ++i) {
    const auto amount = length / k_duration_units[i].length;
    if (amount == 0 && i + 1 < k_duration_units.size()) continue;
    auto text = fmt::format("{}{} {}", sign, amount, k_duration_units[i].word);
    if (i + 2 < k_duration_units.size()) {
      const auto rest = (length - amount * k_duration_units[i].length) / k_duration_units[i + 1].length;
      if (rest > 0) text += fmt::format(" {} {}", rest, k_duration_units[i + 1].word);
    }
    return text;
  }
  return "0 s";
}

}  // namespace trunkform
