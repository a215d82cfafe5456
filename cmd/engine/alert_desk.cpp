#include "cmd/engine/alert_desk.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "schemas/model/shell_word.hpp"

namespace trunkform::engine {
namespace {

std::string more_alerts(std::size_t count) { return fmt::format("{} more alert{}", count, count == 1 ? "" : "s"); }

bool is_worth_another_try(ErrorCode code) {
  return code == ErrorCode::unavailable || code == ErrorCode::timeout || code == ErrorCode::throttled ||
         code == ErrorCode::protocol;
}

/// A notice that something was finished has no end that anybody waits for.
bool is_notice(const Alert& alert) { return alert.kind == AlertKind::recovered && !alert.resolved; }

}  // namespace

AlertDesk::AlertDesk(Clock& clock, AlertMemory* memory, std::vector<AlertTarget> targets, AlertRoutes routes,
                     DeskPolicy policy)
    : m_clock(clock), m_memory(memory), m_targets(std::move(targets)), m_routes(std::move(routes)), m_policy(policy) {
  if (m_memory != nullptr && !m_targets.empty()) {
    if (auto open = m_memory->open({}))
      m_open_before = std::move(*open);
    else
      m_warnings.push_back(Error(ErrorCode::io, "it is not known who was alerted before; some may be alerted again")
                               .because(std::move(open.error())));
  }
  for (const auto& open : m_open_before) m_open.emplace(std::pair(open.target, open.dedup_key), open);
}

AlertDesk::~AlertDesk() { (void)finish({}); }

void AlertDesk::post(std::vector<Alert> alerts) {
  for (auto& alert : alerts) post(std::move(alert));
}

void AlertDesk::post(Alert alert) {
  if (m_targets.empty()) return;
  {
    const std::scoped_lock guard(m_mutex);
    if (m_closing) return;
    m_queue.push_back(std::move(alert));
    // A run with nothing to tell needs no thread.
    if (!m_thread.joinable()) m_thread = std::thread([this] { work(); });
  }
  m_changed.notify_all();
}

std::vector<Error> AlertDesk::finish(std::chrono::milliseconds patience, std::stop_token hurry) {
  const std::stop_callback wake(hurry, [this] {
    const std::scoped_lock seen(m_mutex);  // not between the look at `hurry` and the wait
    m_changed.notify_all();
  });
  std::unique_lock guard(m_mutex);
  m_changed.wait_for(guard, patience, [&] { return (m_queue.empty() && m_idle) || hurry.stop_requested(); });
  const auto left = m_queue.size() + (m_idle ? 0 : 1);
  m_queue.clear();
  m_closing = true;
  guard.unlock();
  m_stop.request_stop();
  m_changed.notify_all();
  if (m_thread.joinable()) m_thread.join();
  for (const auto& [target, sent] : m_sent) {
    if (sent.failed > 1)
      m_warnings.emplace_back(ErrorCode::unavailable,
                              fmt::format("{} could not be sent to {}", more_alerts(sent.failed - 1), target),
                              "the next run tries again");
    if (sent.beyond > 0)
      m_warnings.push_back(Error(ErrorCode::throttled,
                                 fmt::format("{} not sent to {}",
                                             more_alerts(sent.beyond) + (sent.beyond == 1 ? " was" : " were"), target),
                                 fmt::format("a run sends {} to one place", m_policy.most))
                               .hint("see all of it: trunkform drift"));
  }
  if (left > 0)
    m_warnings.push_back(
        Error(ErrorCode::timeout, fmt::format("{} alert{} could not be sent in time", left, left == 1 ? "" : "s"))
            .hint("look at the places that notify blocks name; the next run tries again"));
  m_sent.clear();
  return std::exchange(m_warnings, {});
}

void AlertDesk::work() {
  for (;;) {
    Alert alert;
    {
      std::unique_lock guard(m_mutex);
      m_idle = true;
      m_changed.notify_all();
      m_changed.wait(guard, [&] { return m_closing || !m_queue.empty(); });
      if (m_queue.empty()) return;
      alert = std::move(m_queue.front());
      m_queue.pop_front();
      m_idle = false;
    }
    deliver(alert);
  }
}

void AlertDesk::deliver(const Alert& alert) {
  for (const auto& target : m_targets)
    if (!m_stop.stop_requested() && is_wanted(target, alert) && !was_told(target, alert)) deliver_to(target, alert);
}

bool AlertDesk::is_wanted(const AlertTarget& target, const Alert& alert) const {
  // The end of a problem goes to whom the problem was told, whatever they asked for: an incident must not stay open.
  if (alert.resolved) return m_open.contains({target.address, alert.dedup_key});
  if (!target.on.empty() && std::find(target.on.begin(), target.on.end(), alert.kind) == target.on.end()) return false;
  const auto route = m_routes.find(alert.address);
  return route == m_routes.end() ||
         std::find(route->second.begin(), route->second.end(), target.address) != route->second.end();
}

bool AlertDesk::was_told(const AlertTarget& target, const Alert& alert) const {
  const auto open = m_open.find({target.address, alert.dedup_key});
  if (alert.resolved || open == m_open.end()) return false;
  const auto& told = open->second;
  return told.kind == alert.kind && told.severity >= alert.severity && alert.time < told.told + m_policy.repeat_after;
}

void AlertDesk::deliver_to(const AlertTarget& target, const Alert& alert) {
  auto& sent = m_sent[target.address];
  if (sent.count >= m_policy.most) {
    ++sent.beyond;
    return;
  }
  ++sent.count;
  if (auto done = send(target, alert)) {
    sent.is_broken = false;
    remember(target, alert);
  } else {
    sent.is_broken = true;
    // A stop is told once, by `finish`; a broken place once, with its first alert.
    if (done.error().code != ErrorCode::cancelled && sent.failed++ == 0) warn(target, alert, std::move(done.error()));
  }
}

Result<> AlertDesk::send(const AlertTarget& target, const Alert& alert) {
  Context context;
  context.stop = m_stop.get_token();
  auto wait = m_policy.first_wait;
  // A place that failed for good a moment ago must not hold the others up for every alert.
  const int tries = m_sent[target.address].is_broken ? 1 : m_policy.tries;
  for (int tried = 1;; ++tried) {
    auto done = target.notifier->send(context, alert);
    if (done || tried >= tries || !is_worth_another_try(done.error().code)) {
      if (!done && tried > 1)
        done.error().detail += fmt::format("{}tried {} times", done.error().detail.empty() ? "" : "; ", tried);
      return done;
    }
    const auto asked = done.error().retry_after.value_or(Duration::zero());
    if (asked > m_policy.longest_wait) return done;
    if (auto slept = m_clock.sleep(context, std::max(asked, wait)); !slept) return done;
    wait = std::min(wait * 2, m_policy.longest_wait);
  }
}

void AlertDesk::remember(const AlertTarget& target, const Alert& alert) {
  if (is_notice(alert)) return;
  const std::pair key(target.address, alert.dedup_key);
  Result<> kept;
  if (alert.resolved) {
    m_open.erase(key);
    if (m_memory != nullptr) kept = m_memory->forget({}, target.address, alert.dedup_key);
  } else {
    const auto before = m_open.find(key);
    OpenAlert open{target.address, alert.dedup_key, alert.kind, alert.problem, alert.severity,
                   alert.address,  alert.trunk,     alert.time, alert.time};
    if (before != m_open.end()) open.since = before->second.since;
    if (m_memory != nullptr) kept = m_memory->remember({}, open);
    m_open.insert_or_assign(key, std::move(open));
  }
  if (!kept && m_warnings.size() < 8)
    m_warnings.push_back(Error(ErrorCode::io, "it could not be written down who was alerted; some may be alerted again")
                             .because(std::move(kept.error())));
}

void AlertDesk::warn(const AlertTarget& target, const Alert& alert, Error why) {
  Error warning(why.code, fmt::format("an alert could not be sent to {}", target.address),
                fmt::format("{}: {}", to_string(alert.kind), alert.summary));
  warning.hints = why.hints;
  why.hints.clear();
  warning.hints.push_back(fmt::format("try it out: trunkform notify test {}", shell_word(target.address)));
  m_warnings.push_back(std::move(warning).because(std::move(why)));
}

}  // namespace trunkform::engine
