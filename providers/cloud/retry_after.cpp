#include "providers/cloud/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/chrono.h>

namespace trunkform::cloud {
namespace {

constexpr std::array<std::string_view, 12> k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> k_days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
/// A wait that no run would sit out; keeps sums of waits far from overflow.
constexpr std::uint64_t k_longest_wait_seconds = 10ULL * 365 * 24 * 3600;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes the parts of a date off the front of a text; every step says whether it fitted.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : m_rest(text) {}
  bool literal(std::string_view expected) {
    if (m_rest.substr(0, expected.size()) != expected) return false;
    m_rest.remove_prefix(expected.size());
    return true;
  }
  bool number(std::size_t digits, int& value) {
    if (m_rest.size() < digits) return false;
    value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (m_rest[i] < '0' || m_rest[i] > '9') return false;
      value = value * 10 + (m_rest[i] - '0');
    }
    m_rest.remove_prefix(digits);
    return true;
  }
  bool month(int& value) {
    const auto* found = std::find(k_months.begin(), k_months.end(), m_rest.substr(0, 3));
    if (found == k_months.end()) return false;
    value = static_cast<int>(found - k_months.begin()) + 1;
    m_rest.remove_prefix(3);
    return true;
  }
  bool day_name() {
    if (std::find(k_days.begin(), k_days.end(), m_rest.substr(0, 3)) == k_days.end()) return false;
    m_rest.remove_prefix(3);
    return true;
  }
  void letters() {
    while (!m_rest.empty() && m_rest.front() >= 'a' && m_rest.front() <= 'z') m_rest.remove_prefix(1);
  }
  bool time(int& hour, int& minute, int& second) {
    return number(2, hour) && literal(":") && number(2, minute) && literal(":") && number(2, second);
  }
  bool done() const { return m_rest.empty(); }

 private:
  std::string_view m_rest;
};

struct DateParts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

std::optional<Instant> instant_of(const DateParts& parts) {
  const std::chrono::year_month_day date{std::chrono::year(parts.year),
                                         std::chrono::month(static_cast<unsigned>(parts.month)),
                                         std::chrono::day(static_cast<unsigned>(parts.day))};
  if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return std::nullopt;
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(parts.hour) + std::chrono::minutes(parts.minute) +
         std::chrono::seconds(parts.second);
}

std::optional<Instant> parse_fixdate(std::string_view text) {
  DateReader reader(text);
  DateParts parts;
  if (reader.day_name() && reader.literal(", ") && reader.number(2, parts.day) && reader.literal(" ") &&
      reader.month(parts.month) && reader.literal(" ") && reader.number(4, parts.year) && reader.literal(" ") &&
      reader.time(parts.hour, parts.minute, parts.second) && reader.literal(" GMT") && reader.done())
    return instant_of(parts);
  return std::nullopt;
}

std::optional<Instant> parse_rfc850(std::string_view text, Instant now) {
  DateReader reader(text);
  DateParts parts;
  if (!reader.day_name()) return std::nullopt;
  reader.letters();
  if (!(reader.literal(", ") && reader.number(2, parts.day) && reader.literal("-") && reader.month(parts.month) &&
        reader.literal("-") && reader.number(2, parts.year) && reader.literal(" ") &&
        reader.time(parts.hour, parts.minute, parts.second) && reader.literal(" GMT") && reader.done()))
    return std::nullopt;
  // RFC 9110 §5.6.7: more than fifty years ahead means the most recent past year with these digits.
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
  const int this_year = static_cast<int>(today.year());
  parts.year += this_year / 100 * 100;
  if (parts.year > this_year + 50) parts.year -= 100;
  return instant_of(parts);
}

std::optional<Instant> parse_asctime(std::string_view text) {
  DateReader reader(text);
  DateParts parts;
  if (!(reader.day_name() && reader.literal(" ") && reader.month(parts.month) && reader.literal(" ")))
    return std::nullopt;
  const bool one_digit = reader.literal(" ");
  if (reader.number(one_digit ? 1 : 2, parts.day) && reader.literal(" ") &&
      reader.time(parts.hour, parts.minute, parts.second) && reader.literal(" ") && reader.number(4, parts.year) &&
      reader.done())
    return instant_of(parts);
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_seconds(std::string_view text) {
  text = trim(text);
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  std::uint64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc()) seconds = k_longest_wait_seconds;
  return std::chrono::seconds(std::min(seconds, k_longest_wait_seconds));
}

std::optional<Instant> parse_http_date(std::string_view text, Instant now) {
  text = trim(text);
  if (auto date = parse_fixdate(text)) return date;
  if (auto date = parse_rfc850(text, now)) return date;
  return parse_asctime(text);
}

std::string to_http_date(Instant time) {
  const auto seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(seconds));
}

std::optional<Duration> parse_retry_after(std::string_view text, Instant now) {
  if (auto seconds = parse_seconds(text)) return seconds;
  const auto date = parse_http_date(text, now);
  if (!date) return std::nullopt;
  if (*date <= now) return Duration(0);
  return std::min<Duration>(*date - now + std::chrono::seconds(1), std::chrono::seconds(k_longest_wait_seconds));
}

std::optional<Duration> retry_after_of(const HttpResponse& response, Instant now) {
  const auto* text = response.header("Retry-After");
  if (text == nullptr) return std::nullopt;
  const auto* date = response.header("Date");
  const auto theirs = date == nullptr ? std::nullopt : parse_http_date(*date, now);
  return parse_retry_after(*text, theirs.value_or(now));
}

}  // namespace trunkform::cloud
