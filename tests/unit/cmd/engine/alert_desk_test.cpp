// Who is told, how often, and how hard it is tried, on a virtual clock.
#include "cmd/engine/alert_desk.hpp"

#include <catch2/catch.hpp>

#include "planner/alerts/scope.hpp"
#include "providers/platform/simulated/clock.hpp"

using namespace trunkform;
using namespace trunkform::engine;
using namespace std::chrono_literals;

namespace {

const Instant k_now = parse_rfc3339("2026-11-24T12:00:00Z").value();

/// Remembers what it was told; fails as often as a test says.
struct Place {
  std::mutex mutex;
  std::vector<Alert> got;
  std::vector<Error> failures;  ///< of the next tries, in order
  bool always_fails = false;
  std::size_t tries = 0;

  std::string kinds() {
    const std::scoped_lock guard(mutex);
    std::string text;
    for (const auto& alert : got)
      text += (text.empty() ? "" : " ") + std::string(to_string(alert.kind)) + (alert.resolved ? "!" : "");
    return text;
  }
};

class PlaceNotifier final : public Notifier {
 public:
  explicit PlaceNotifier(Place& place) : m_place(place) {}
  Result<> send(const Context& context, const Alert& alert) override {
    const std::scoped_lock guard(m_place.mutex);
    ++m_place.tries;
    if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped");
    if (m_place.always_fails) return Error(ErrorCode::unavailable, "no route");
    if (!m_place.failures.empty()) {
      auto failure = m_place.failures.front();
      m_place.failures.erase(m_place.failures.begin());
      return failure;
    }
    m_place.got.push_back(alert);
    return {};
  }

 private:
  Place& m_place;
};

struct Memory final : AlertMemory {
  std::vector<OpenAlert> alerts;
  Result<std::vector<OpenAlert>> open(const Context&) override { return alerts; }
  Result<> remember(const Context& context, const OpenAlert& alert) override {
    (void)forget(context, alert.target, alert.dedup_key);
    alerts.push_back(alert);
    return {};
  }
  Result<> forget(const Context&, const std::string& target, const std::string& dedup_key) override {
    std::erase_if(alerts, [&](const auto& one) { return one.target == target && one.dedup_key == dedup_key; });
    return {};
  }
};

struct Office {
  platform::SimulatedClock clock{k_now};
  Memory memory;
  Place hook, mail;
  std::vector<AlertKind> hook_on, mail_on;
  AlertRoutes routes;
  std::size_t most = 100;

  /// One run that posts these; what went wrong.
  std::vector<Error> run(const std::vector<Alert>& alerts) {
    std::vector<AlertTarget> targets;
    targets.push_back({"notify.webhook.ops", hook_on, std::make_unique<PlaceNotifier>(hook)});
    targets.push_back({"notify.email.ops", mail_on, std::make_unique<PlaceNotifier>(mail)});
    DeskPolicy policy;
    policy.most = most;
    AlertDesk desk(clock, &memory, std::move(targets), routes, policy);
    for (const auto& alert : alerts) desk.post(alert);
    return desk.finish(10s);
  }
};

alerts::AlertScope scope() {
  alerts::AlertScope scope;
  scope.organisation = "org-1";
  return scope;
}

Alert alert_of(AlertKind kind, const std::string& address = "east", Instant now = k_now,
               AlertSeverity severity = AlertSeverity::error) {
  return alerts::make_alert(scope(), kind, severity, address, address, {"summary", "detail", "hint"}, now);
}

Alert end_of(AlertKind kind, const std::string& address = "east") {
  OpenAlert open;
  open.problem = alerts::problem_of(kind);
  open.address = address;
  open.dedup_key = alerts::dedup_key(scope(), address, open.problem);
  return alerts::make_recovery(scope(), open, {"mended", {}, {}}, k_now);
}

}  // namespace

TEST_CASE("a problem is told to whom it concerns, and its end to exactly those") {
  Office office;
  office.hook_on = {AlertKind::failed};
  office.mail_on = {AlertKind::drifted};
  CHECK(office
            .run({alert_of(AlertKind::failed), alert_of(AlertKind::drifted), end_of(AlertKind::failed),
                  end_of(AlertKind::failed)})
            .empty());
  CHECK(office.hook.kinds() == "failed recovered!");
  CHECK(office.mail.kinds() == "drifted");
  REQUIRE(office.memory.alerts.size() == 1);
  CHECK(office.memory.alerts[0].target == "notify.email.ops");
}

TEST_CASE("the end of a problem of an earlier run reaches who was told then") {
  Office office;
  office.hook_on = {AlertKind::failed};
  CHECK(office.run({alert_of(AlertKind::failed)}).empty());
  CHECK(office.run({end_of(AlertKind::failed)}).empty());
  CHECK(office.hook.kinds() == "failed recovered!");
  CHECK(office.memory.alerts.empty());
}

TEST_CASE("nobody is told the same twice in a day, but again when it gets worse, and once a day") {
  Office office;
  const auto told = [&](Alert alert) {
    office.hook.got.clear();
    (void)office.run({std::move(alert)});
    return office.hook.kinds();
  };
  CHECK(told(alert_of(AlertKind::awaiting_source, "east", k_now, AlertSeverity::warning)) == "awaiting_source");
  CHECK(told(alert_of(AlertKind::awaiting_source, "east", k_now + 1h, AlertSeverity::warning)).empty());
  CHECK(told(alert_of(AlertKind::overdue, "east", k_now + 2h)) == "overdue");
  CHECK(told(alert_of(AlertKind::overdue, "east", k_now + 3h, AlertSeverity::critical)) == "overdue");
  CHECK(told(alert_of(AlertKind::overdue, "west", k_now + 4h)) == "overdue");
  CHECK(told(alert_of(AlertKind::overdue, "east", k_now + 25h, AlertSeverity::critical)).empty());
  CHECK(told(alert_of(AlertKind::overdue, "east", k_now + 27h, AlertSeverity::critical)) == "overdue");
}

TEST_CASE("a binding that names its notify blocks is told of there alone") {
  Office office;
  office.routes = {{"east", {"notify.email.ops"}}};
  (void)office.run(
      {alert_of(AlertKind::failed, "east"), alert_of(AlertKind::failed, "west"), alert_of(AlertKind::stopped, "")});
  CHECK(office.hook.kinds() == "failed stopped");
  CHECK(office.mail.kinds() == "failed failed stopped");
}

TEST_CASE("a failure that may pass is tried again, waiting longer each time, and what was asked for") {
  Office office;
  office.hook.failures = {Error(ErrorCode::unavailable, "503"), Error(ErrorCode::throttled, "429").after(7s),
                          Error(ErrorCode::timeout, "slow")};
  CHECK(office.run({alert_of(AlertKind::failed)}).empty());
  CHECK(office.hook.kinds() == "failed");
  CHECK(office.clock.sleeps() == std::vector<Duration>{1s, 7s, 4s});
}

TEST_CASE("tries are bounded, a failure is a warning, and a broken place does not hold up the others") {
  Office office;
  office.hook.always_fails = true;
  const auto warnings =
      office.run({alert_of(AlertKind::failed), alert_of(AlertKind::drifted), alert_of(AlertKind::overdue)});
  CHECK(office.hook.tries == 4 + 1 + 1);
  CHECK(office.mail.kinds() == "failed drifted overdue");
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].summary == "an alert could not be sent to notify.webhook.ops");
  CHECK(to_line(warnings[0]).find("tried 4 times") != std::string::npos);
  CHECK(warnings[1].summary == "2 more alerts could not be sent to notify.webhook.ops");
  // It was not told, so the next run tells it, though the others know.
  office.hook.always_fails = false;
  CHECK(office.run({alert_of(AlertKind::failed, "east", k_now + 1h)}).empty());
  CHECK(office.hook.kinds() == "failed");
  CHECK(office.mail.kinds() == "failed drifted overdue");
}

TEST_CASE("a refusal is not tried again, nor one that asks to wait too long") {
  Office office;
  office.hook.failures = {Error(ErrorCode::rejected, "400")};
  CHECK(office.run({alert_of(AlertKind::failed)}).size() == 1);
  office.hook.failures = {Error(ErrorCode::throttled, "429").after(1h)};
  CHECK(office.run({alert_of(AlertKind::drifted)}).size() == 1);
  CHECK(office.hook.tries == 2);
  CHECK(office.clock.sleeps().empty());
}

TEST_CASE("a flood is cut, and the rest counted") {
  Office office;
  office.most = 3;
  std::vector<Alert> flood;
  for (int i = 0; i < 10; ++i) flood.push_back(alert_of(AlertKind::overdue, "trunk-" + std::to_string(i)));
  const auto warnings = office.run(flood);
  CHECK(office.hook.got.size() == 3);
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].summary == "7 more alerts were not sent to notify.email.ops");
  CHECK(office.memory.alerts.size() == 6);
}

TEST_CASE("a notice that a run was finished has no end and is not remembered") {
  Office office;
  auto notice = alert_of(AlertKind::recovered);
  (void)office.run({notice});
  CHECK(office.hook.kinds() == "recovered");
  CHECK(office.memory.alerts.empty());
}

TEST_CASE("closing waits no longer than it may, and says what is left") {
  struct Stuck final : Notifier {
    Result<> send(const Context& context, const Alert&) override {
      while (!context.stop.stop_requested()) std::this_thread::sleep_for(1ms);
      return Error(ErrorCode::cancelled, "stopped");
    }
  };
  platform::SimulatedClock clock(k_now);
  std::vector<AlertTarget> targets;
  targets.push_back({"notify.webhook.ops", {}, std::make_unique<Stuck>()});
  AlertDesk desk(clock, nullptr, std::move(targets), {});
  desk.post(alert_of(AlertKind::failed));
  desk.post(alert_of(AlertKind::stopped, ""));
  SECTION("by time") {
    const auto warnings = desk.finish(50ms);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].summary == "2 alerts could not be sent in time");
  }
  SECTION("by somebody who is in a hurry") {
    std::stop_source hurry;
    std::jthread stopper([&] {
      std::this_thread::sleep_for(50ms);
      hurry.request_stop();
    });
    const auto begun = std::chrono::steady_clock::now();
    CHECK(desk.finish(30s, hurry.get_token()).size() == 1);
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
  }
}
