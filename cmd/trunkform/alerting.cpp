#include "cmd/trunkform/alerting.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/event_codec.hpp"

namespace trunkform::cli {
namespace {

constexpr Sequence k_only_the_end = UINT64_MAX;
constexpr std::chrono::seconds k_patience_at_end{60};
constexpr std::chrono::seconds k_patience_when_stopped{10};

engine::AlertRoutes routes_of(const std::vector<Binding>& bindings) {
  engine::AlertRoutes routes;
  for (const auto& binding : bindings)
    if (!binding.notify.empty()) routes.emplace(to_string(binding.address), binding.notify);
  return routes;
}

std::map<std::string, std::string> trunk_names(const Plan& plan) {
  std::map<std::string, std::string> names;
  for (const auto& change : plan.changes) names.emplace(to_string(change.address), change.trunk_name);
  return names;
}

Error of_block(const NotifyBlock& block, Error why) {
  if (!why.source) why.source = block.source;
  why.address = block.address;
  why.summary = fmt::format("no alerts are sent by {}: {}", block.address, why.summary);
  return why;
}

}  // namespace

/// Between the event log and the desk: called under the log's mutex, so it only thinks and posts.
class Alerting::Sink final : public engine::EventSink {
 public:
  Sink(engine::AlertDesk& desk, alerts::RunAlerts fold) : m_desk(desk), m_fold(std::move(fold)) {}

  void on_event(const Event& event) override {
    if (!alerts::RunAlerts::concerns(event.body)) return;
    const std::scoped_lock guard(m_mutex);
    for (auto& alert : m_fold.on_event(event, sha256(encode_event(event)))) m_desk.post(printable(std::move(alert)));
  }

  void learn(const Plan& plan) {
    const std::scoped_lock guard(m_mutex);
    m_fold.learn(plan.organisation.id, trunk_names(plan));
  }

  void left_alone(const std::vector<alerts::LeftAlone>& addresses, Instant now) {
    const std::scoped_lock guard(m_mutex);
    for (auto& alert : m_fold.left_alone(addresses, now)) m_desk.post(printable(std::move(alert)));
  }

 private:
  engine::AlertDesk& m_desk;
  std::mutex m_mutex;
  alerts::RunAlerts m_fold;
};

Alert printable(Alert alert) {
  for (auto* text : {&alert.trunk, &alert.summary, &alert.detail, &alert.hint, &alert.actor})
    *text = views::escape_foreign(*text);
  return alert;
}

std::vector<Error> unusable_notifiers(World& world, Session& session) {
  std::vector<Error> warnings;
  for (const auto& block : session.configuration().notify)
    if (auto allowed = may_notify(world, session, block); !allowed)
      warnings.push_back(of_block(block, std::move(allowed.error())));
  return warnings;
}

Alerting::Alerting(World& world, Session& session) : m_world(world), m_session(session) {}
Alerting::~Alerting() = default;

std::vector<Error> Alerting::open() {
  std::vector<Error> warnings;
  const auto& configuration = m_session.configuration();
  if (configuration.notify.empty()) return warnings;
  std::vector<engine::AlertTarget> targets;
  for (const auto& block : configuration.notify) {
    auto notifier = open_notifier(m_world, m_session, block);
    if (notifier) {
      targets.push_back({block.address, block.on, std::move(*notifier)});
      continue;
    }
    warnings.push_back(of_block(block, std::move(notifier.error())));
  }
  AlertMemory* memory = nullptr;
  if (auto backend = m_session.backend()) {
    memory = (*backend)->alerts.get();
    if (auto page = (*backend)->log->read(m_session.context(), k_only_the_end)) m_scope.log_head = page->head;
  }
  m_scope.actor = to_string(m_world.environment.actor());
  m_scope.workspace = m_session.workspace().value_or(k_default_workspace);
  m_desk =
      std::make_unique<engine::AlertDesk>(m_world.clock, memory, std::move(targets), routes_of(configuration.bindings));
  return warnings;
}

void Alerting::post(std::vector<Alert> alerts) {
  for (auto& alert : alerts) m_desk->post(printable(std::move(alert)));
}

void Alerting::service_failed(const Error& why) {
  if (m_desk == nullptr || why.code == ErrorCode::cancelled) return;
  m_scope.service = m_session.service();
  post({alerts::service_alert(m_scope, why, m_world.clock.now())});
}

void Alerting::on_plan(const Plan& plan, alerts::Coverage coverage, Duration wait) {
  if (m_desk == nullptr) return;
  m_scope.organisation = plan.organisation.id;
  m_scope.service = m_session.service();
  m_scope.plan = plan.digest;
  post(alerts::plan_alerts(m_scope, {plan, m_desk->open_before(), coverage, wait, m_world.clock.now()}));
}

void Alerting::follow(engine::RunLog& log, const StateDocument& state) {
  std::map<std::string, std::string> trunks;
  for (const auto& [address, record] : state.resources) trunks.emplace(to_string(address), record.trunk_name);
  auto organisation = state.organisation ? state.organisation->id : std::string();
  // Where the first run of all was cut short, no state says yet whose trunks these are.
  if (m_desk != nullptr && organisation.empty() && !log.written().empty())
    if (const auto api = m_session.api())
      if (const auto now = (*api)->organisation(m_session.context())) organisation = now->id;
  follow(log, organisation, std::move(trunks));
}

void Alerting::learn(const Plan& plan) {
  if (m_sink != nullptr) m_sink->learn(plan);
}

void Alerting::follow(engine::RunLog& log, const std::string& organisation, std::map<std::string, std::string> trunks) {
  if (m_desk == nullptr) return;
  auto scope = m_scope;
  scope.organisation = organisation;
  scope.service = m_session.service();
  scope.run = log.run();
  m_sink =
      std::make_unique<Sink>(*m_desk, alerts::RunAlerts(std::move(scope), m_desk->open_before(), std::move(trunks)));
  for (const auto& event : log.written()) m_sink->on_event(event);
  log.add_sink(*m_sink);
}

void Alerting::on_end(const engine::ApplySummary& summary) {
  std::vector<alerts::LeftAlone> addresses;
  for (const auto& outcome : summary.outcomes)
    if (outcome.result.error && outcome.phase != rollout::Phase::done)
      addresses.push_back({to_string(outcome.address), *outcome.result.error});
  for (const auto& error : summary.errors)
    if (!error.address.empty()) addresses.push_back({error.address, error});
  left_alone(addresses);
}

void Alerting::not_issued(const std::vector<Error>& errors) {
  std::vector<alerts::LeftAlone> addresses;
  addresses.reserve(errors.size());
  for (const auto& error : errors) addresses.push_back({error.address, error});
  left_alone(addresses);
}

void Alerting::left_alone(const std::vector<alerts::LeftAlone>& addresses) {
  if (m_sink != nullptr) m_sink->left_alone(addresses, m_world.clock.now());
}

std::vector<Error> Alerting::close() {
  if (m_desk == nullptr) return {};
  // Whoever sent a signal may follow it with a kill.
  const auto patience = m_world.stop.stop_requested() ? k_patience_when_stopped : k_patience_at_end;
  auto warnings = m_desk->finish(patience, m_world.abandon);
  for (auto& warning : warnings) warning.detail = views::escape_foreign(warning.detail);
  return warnings;
}

}  // namespace trunkform::cli
