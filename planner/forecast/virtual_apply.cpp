#include "planner/forecast/virtual_apply.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <queue>
#include <tuple>

#include "planner/rollout/run_tasks.hpp"

namespace trunkform::forecast {
namespace {

using rollout::Step;
using rollout::StepKind;

struct Completion {
  Instant at{};
  std::size_t order = 0;
  Step step;
  bool operator>(const Completion& other) const { return std::tie(at, order) > std::tie(other.at, other.order); }
};

class Applying {
 public:
  Applying(const std::vector<PlannedChange>& changes, const Before& before, VirtualService& service, Instant now)
      : m_changes(changes), m_before(before), m_service(service), m_now(now) {}

  VirtualApply run() {
    for (std::uint64_t i = 0; i < m_service.assumptions.requests_per_plan; ++i)
      m_now = std::max(m_now, m_service.begin_request(m_now));
    m_now += m_service.assumptions.request;
    m_result.bound.resize(m_changes.size());
    auto machine = make_machine();
    while (!machine.finished()) {
      for (const auto& step : machine.ready(m_now)) m_waiting.push_back(step);
      start_steps();
      auto next = machine.wakes_at();
      if (!m_running.empty()) next = next ? std::min(*next, m_running.top().at) : m_running.top().at;
      if (!next) break;
      m_now = std::max(m_now, *next);
      report_done(machine);
    }
    m_result.ends = m_now;
    return std::move(m_result);
  }

 private:
  const std::vector<PlannedChange>& m_changes;
  const Before& m_before;
  VirtualService& m_service;
  Instant m_now;
  VirtualApply m_result;
  std::vector<const Binding*> m_bindings;  ///< as the tasks
  std::vector<Bound*> m_bound;             ///< as the tasks; null for what was bound before
  std::deque<Step> m_waiting;              ///< for one of the `parallelism` hands
  std::priority_queue<Completion, std::vector<Completion>, std::greater<>> m_running;
  std::size_t m_started = 0;
  std::map<std::string, Duration, std::less<>> m_waited;  ///< by carrier

  rollout::Rollout make_machine() {
    const auto writes = schedule::writes_of(m_changes);
    auto made =
        rollout::make_run_tasks({.writes = writes, .soaks = m_before.soaks, .proven = m_before.proven, .now = m_now});
    for (const auto& [change, soak] : made.origins) {
      m_bindings.push_back(&*change->binding);
      m_bound.push_back(soak != nullptr ? nullptr
                                        : &m_result.bound[static_cast<std::size_t>(change - m_changes.data())]);
    }
    for (const auto& wave : made.waves) {
      if (m_bound[wave.trunks.front()] == nullptr) continue;
      ++m_result.waves;
      for (const auto trunk : wave.trunks) m_bound[trunk]->canary = wave.canary;
    }
    return {std::move(made.tasks), std::move(made.waves)};
  }

  const Binding& binding_of(const Step& step) const { return *m_bindings[step.trunk]; }

  void start_steps() {
    while (!m_waiting.empty() && m_running.size() < std::max<std::size_t>(1, m_service.assumptions.parallelism)) {
      const auto step = m_waiting.front();
      m_waiting.pop_front();
      m_running.push({finish_of(step), m_started++, step});
    }
  }

  Instant finish_of(const Step& step) {
    auto* const bound = m_bound[step.trunk];
    switch (step.kind) {
      case StepKind::check:
      case StepKind::patch:
      case StepKind::read_back: {
        const auto begins = m_service.begin_request(m_now);
        m_waited[binding_of(step).carrier->label] += begins - m_now;
        if (step.kind == StepKind::check && bound != nullptr) bound->begins = begins;
        return begins + m_service.assumptions.request;
      }
      case StepKind::settle:
        if (binding_of(step).verify->status && binding_of(step).rollout->soak > Duration::zero())
          m_service.begin_request(m_now);
        [[fallthrough]];
      case StepKind::probe:
        // As long as it may: a forecast that hopes for quick answers proves nothing.
        return m_now + binding_of(step).verify->tls->within;
      default:
        return m_now;
    }
  }

  void report_done(rollout::Rollout& machine) {
    while (!m_running.empty() && m_running.top().at <= m_now) {
      const auto step = m_running.top().step;
      m_running.pop();
      auto* const bound = m_bound[step.trunk];
      if (step.kind == StepKind::patch) {
        bound->bound = m_now;
        bound->is_through = true;
        bound->waited = m_waited[binding_of(step).carrier->label];
      }
      if (step.kind == StepKind::conclude) bound->ends = m_now;
      const bool was_bound_before = bound == nullptr && step.kind == StepKind::check;
      machine.report(step, was_bound_before ? rollout::Report::unsettled : rollout::Report::pass, m_now);
    }
  }
};

}  // namespace

Instant VirtualService::begin_request(Instant now) {
  const auto begins = reserve ? now + reserve(now - epoch) : now;
  rate.note(begins);
  return begins;
}

VirtualApply apply_virtually(const std::vector<PlannedChange>& changes, const Before& before, VirtualService& service,
                             Instant now) {
  return Applying(changes, before, service, now).run();
}

}  // namespace trunkform::forecast
