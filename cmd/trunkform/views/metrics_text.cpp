#include "cmd/trunkform/views/metrics_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace trunkform::views {
namespace {

struct Family {
  std::string_view name, type, help;
};

constexpr Family k_expiry{"trunkform_certificate_expiry_timestamp_seconds", "gauge",
                          "When the certificate on the trunk ends, as a Unix time: the least notAfter of its path."};
constexpr Family k_days{"trunkform_certificate_days_left", "gauge", "Days until then, at the time of the last run."};
constexpr Family k_health{
    "trunkform_trunk_health", "gauge",
    "1 for the health that the last run found: healthy, due, critical, expired, rule_violated, unknown."};
constexpr Family k_last_run{"trunkform_last_run_timestamp_seconds", "gauge", "When the command last ended."};
constexpr Family k_last_success{
    "trunkform_last_success_timestamp_seconds", "gauge",
    "When the command last ended well: a job that no longer runs alerts nobody, this does."};
constexpr Family k_code{"trunkform_last_run_exit_code", "gauge", "Exit code of that last run."};
constexpr Family k_trunks{"trunkform_trunk_changes_total", "counter",
                          "Trunks by what came of their change: changed, failed, rolled_back, deferred."};
constexpr Family k_requests{"trunkform_api_requests_total", "counter",
                            "Requests to the service, repetitions included."};
constexpr Family k_issued_expiry{"trunkform_issued_expiry_timestamp_seconds", "gauge",
                                 "When the certificate ends that the store of a certificate.issued has."};
constexpr Family k_issued_renewal{"trunkform_issued_renewal_timestamp_seconds", "gauge",
                                  "When it becomes due; absent from its issuing to the next run."};
constexpr Family k_issued_success{"trunkform_issued_last_success_timestamp_seconds", "gauge",
                                  "When one was last issued, and in its store."};
constexpr Family k_issued_failure{"trunkform_issued_last_failure_timestamp_seconds", "gauge",
                                  "When an apply last could not have it issued."};
constexpr Family k_issued_open{"trunkform_issued_open_since_timestamp_seconds", "gauge",
                               "Since when a request has no end; absent where none is open."};
constexpr Family k_issues{"trunkform_issues_total", "counter",
                          "Requests for certificates by what came of them: issued, failed, pending."};
constexpr std::array k_families{k_expiry,         k_days,           k_health,      k_issued_expiry, k_issued_renewal,
                                k_issued_success, k_issued_failure, k_issued_open, k_last_run,      k_last_success,
                                k_code,           k_trunks,         k_issues,      k_requests};

/// Label sets with their values, of one family.
using Series = std::map<std::string, double>;

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\\')
      safe += "\\\\";
    else if (c == '"')
      safe += "\\\"";
    else if (c == '\n')
      safe += "\\n";
    else
      safe += c;
  }
  return safe;
}

std::string labels(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
  std::string text;
  for (const auto& [name, value] : pairs)
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "{" : ",", name, escaped(value));
  return text + "}";
}

/// The address in a label set that `labels` wrote.
std::string_view address_in(std::string_view set) {
  constexpr std::string_view k_start = "{address=\"";
  if (!set.starts_with(k_start)) return {};
  set.remove_prefix(k_start.size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set[i] == '\\')
      ++i;
    else if (set[i] == '"')
      return set.substr(0, i);
  }
  return {};
}

double seconds(Instant instant) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count());
}

class MetricsFile {
 public:
  explicit MetricsFile(std::string_view previous) {
    while (!previous.empty()) {
      const auto end = previous.find('\n');
      if (const auto line = previous.substr(0, end); !line.starts_with('#')) read(line);
      previous.remove_prefix(end == std::string_view::npos ? previous.size() : end + 1);
    }
  }

  void set(const Family& family, std::string set, double value) {
    m_series[family.name].insert_or_assign(std::move(set), value);
  }
  void add(const Family& family, std::string set, double value) { m_series[family.name][std::move(set)] += value; }
  Series& of(const Family& family) { return m_series[family.name]; }

  /// Takes the lines about an address of the run before out.
  void drop(std::string_view address, std::initializer_list<const Family*> families) {
    for (const auto* family : families)
      std::erase_if(of(*family), [&](const auto& line) { return address_in(line.first) == address; });
  }

  std::string text() const {
    std::string all;
    for (const auto& family : k_families) {
      const auto found = m_series.find(family.name);
      if (found == m_series.end() || found->second.empty()) continue;
      all += fmt::format("# HELP {} {}\n# TYPE {} {}\n", family.name, family.help, family.name, family.type);
      for (const auto& [set, value] : found->second) all += fmt::format("{}{} {}\n", family.name, set, number(value));
    }
    return all;
  }

 private:
  std::map<std::string_view, Series> m_series;

  static std::string number(double value) {
    const auto whole = static_cast<std::int64_t>(value);
    return static_cast<double>(whole) == value ? std::to_string(whole) : fmt::format("{:.2f}", value);
  }

  /// A label's value may hold a brace or a blank, but the value of the line holds neither.
  void read(std::string_view line) {
    const auto blank = line.rfind(' ');
    if (blank == std::string_view::npos) return;
    double value = 0;
    const auto digits = line.substr(blank + 1);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc() || end != digits.data() + digits.size()) return;
    const auto open = std::min(line.find('{'), blank);
    for (const auto& family : k_families)
      if (line.substr(0, open) == family.name) m_series[family.name].emplace(line.substr(open, blank - open), value);
  }
};

void add_trunks(MetricsFile& file, const RunMetrics& run) {
  if (run.seen == Seen::all) {
    file.of(k_expiry).clear();
    file.of(k_health).clear();
  }
  for (const auto& trunk : run.trunks) {
    file.drop(escaped(trunk.address), {&k_expiry, &k_health});
    if (trunk.expiry)
      file.set(k_expiry, labels({{"address", trunk.address}, {"trunk", trunk.trunk}}), seconds(*trunk.expiry));
    file.set(k_health,
             labels({{"address", trunk.address}, {"trunk", trunk.trunk}, {"health", to_string(trunk.health)}}), 1);
  }
  file.of(k_days).clear();
  constexpr double k_day = 24 * 3600;
  for (const auto& [set, end] : file.of(k_expiry)) file.set(k_days, set, (end - seconds(run.now)) / k_day);
}

void set_time(MetricsFile& file, const Family& family, const std::string& set, const std::optional<Instant>& time) {
  if (time) file.set(family, set, seconds(*time));
}

void add_issued(MetricsFile& file, const RunMetrics& run) {
  if (run.seen == Seen::all) {
    for (const auto* family : {&k_issued_expiry, &k_issued_renewal, &k_issued_success, &k_issued_open})
      file.of(*family).clear();
    std::erase_if(file.of(k_issued_failure), [&](const auto& line) {
      return std::none_of(run.issued.begin(), run.issued.end(),
                          [&](const auto& issued) { return escaped(issued.address) == address_in(line.first); });
    });
  }
  for (const auto& issued : run.issued) {
    file.drop(escaped(issued.address), {&k_issued_expiry, &k_issued_renewal, &k_issued_success, &k_issued_open});
    const auto set = labels({{"address", issued.address}});
    set_time(file, k_issued_expiry, set, issued.expiry);
    set_time(file, k_issued_renewal, set, issued.renewal);
    set_time(file, k_issued_success, set, issued.last_success);
    set_time(file, k_issued_open, set, issued.open_since);
    if (issued.failed) file.set(k_issued_failure, set, seconds(run.now));
  }
  if (run.issued.empty()) return;
  const std::pair<std::string_view, std::size_t> results[] = {
      {"issued", run.issues_done}, {"failed", run.issues_failed}, {"pending", run.issues_pending}};
  for (const auto& [result, count] : results)
    file.add(k_issues, labels({{"result", result}}), static_cast<double>(count));
}

}  // namespace

bool is_success(ExitCode code) {
  return code == ExitCode::done || code == ExitCode::changes || code == ExitCode::deferred;
}

std::string metrics_text(const RunMetrics& run, std::string_view previous) {
  MetricsFile file(previous);
  add_trunks(file, run);
  add_issued(file, run);
  const auto command = labels({{"command", run.command}});
  file.set(k_last_run, command, seconds(run.now));
  if (is_success(run.code)) file.set(k_last_success, command, seconds(run.now));
  file.set(k_code, command, static_cast<double>(run.code));
  const std::pair<std::string_view, std::size_t> results[] = {
      {"changed", run.changed}, {"failed", run.failed}, {"rolled_back", run.rolled_back}, {"deferred", run.deferred}};
  for (const auto& [result, count] : results)
    file.add(k_trunks, labels({{"result", result}}), static_cast<double>(count));
  file.add(k_requests, {}, static_cast<double>(run.requests));
  return file.text();
}

}  // namespace trunkform::views
