#include "planner/forecast/virtual_apply.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <queue>
#include <tuple>

#include "planner/rollout/groups.hpp"
#include "planner/rollout/rollout.hpp"
#include "planner/schedule/not_before.hpp"
#include "planner/schedule/waves.hpp"

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
  Applying(std::vector<PlannedChange>& changes, const Before& before, VirtualService& service, Instant now)
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
  /// What a task is about; `bound` is null for what was bound before.
  struct Work {
    const Binding* binding = nullptr;
    Bound* bound = nullptr;
  };

  std::vector<PlannedChange>& m_changes;
  const Before& m_before;
  VirtualService& m_service;
  Instant m_now;
  VirtualApply m_result;
  std::vector<Work> m_work;    ///< as the tasks
  std::deque<Step> m_waiting;  ///< for one of the `parallelism` hands
  std::priority_queue<Completion, std::vector<Completion>, std::greater<>> m_running;
  std::size_t m_started = 0;
  std::map<std::string, Duration, std::less<>> m_waited;  ///< by carrier

  rollout::Rollout make_machine() {
    std::map<Address, std::size_t> by_address;
    for (std::size_t i = 0; i < m_changes.size(); ++i) by_address.emplace(m_changes[i].address, i);
    std::vector<rollout::Task> tasks;
    std::vector<rollout::TaskWave> waves;
    add_open_soaks(tasks, waves);
    auto start_by = m_now;
    auto proven = m_before.proven;
    schedule::add_canaries(proven, m_before.soaks);
    const auto planned = schedule::waves(m_changes, proven);
    m_result.waves = planned.size();
    for (const auto& wave : planned) {
      rollout::TaskWave& task_wave = waves.emplace_back();
      task_wave.lane = wave.carrier;
      task_wave.max_parallel = wave.max_parallel;
      task_wave.canary = wave.canary;
      for (const auto& address : wave.addresses) {
        const auto index = by_address.at(address);
        const auto& change = m_changes[index];
        const auto& binding = *change.binding;
        task_wave.trunks.push_back(tasks.size());
        auto& task = tasks.emplace_back();
        task.address = address;
        task.policy = binding.rollout;
        task.probes = binding.verify->tls.has_value();
        if (!change.after || !is_proven(binding, change.after->identity.chain))
          task.chain = schedule::chain_key(change);
        task.opens = [&change](Instant now) { return schedule::next_start(change, schedule::WindowRule::honour, now); };
        start_by = std::max(start_by, schedule::start_by(binding, Duration::zero(), m_now));
        m_work.push_back({&binding, &m_result.bound[index]});
        m_result.bound[index].canary = wave.canary;
      }
    }
    std::vector<const Binding*> bindings;
    bindings.reserve(m_work.size());
    for (const auto& work : m_work) bindings.push_back(work.binding);
    rollout::put_blue_after_green(tasks, bindings);
    for (std::size_t i = 0; i < m_before.soaks.size(); ++i) tasks[i].after.clear();
    return {std::move(tasks), std::move(waves), start_by};
  }

  bool is_proven(const Binding& binding, const Fingerprint& chain) const {
    return m_before.proven.contains({binding.carrier->label, chain});
  }

  /// As cmd/engine/assembly.hpp does: one wave a carrier, before all others.
  void add_open_soaks(std::vector<rollout::Task>& tasks, std::vector<rollout::TaskWave>& waves) {
    std::map<std::string, rollout::TaskWave, std::less<>> by_carrier;
    for (const auto& open : m_before.soaks) {
      const auto& binding = *open.change->binding;
      auto& wave = by_carrier[binding.carrier->label];
      wave.lane = binding.carrier->label;
      wave.max_parallel = static_cast<std::size_t>(std::max(1, binding.carrier->max_parallel));
      wave.canary = true;
      wave.trunks.push_back(tasks.size());
      auto& task = tasks.emplace_back();
      task.address = open.change->address;
      task.policy = binding.rollout;
      task.probes = binding.verify->tls.has_value();
      task.soaks_until = open.ends;
      const auto& chain = open.record->chain->identity.chain;
      if (!is_proven(binding, chain)) task.chain = to_hex(chain);
      m_work.push_back({&binding, nullptr});
    }
    for (auto& [carrier, wave] : by_carrier) waves.push_back(std::move(wave));
  }

  const Binding& binding_of(const Step& step) const { return *m_work[step.trunk].binding; }

  void start_steps() {
    while (!m_waiting.empty() && m_running.size() < std::max<std::size_t>(1, m_service.assumptions.parallelism)) {
      const auto step = m_waiting.front();
      m_waiting.pop_front();
      m_running.push({finish_of(step), m_started++, step});
    }
  }

  Instant finish_of(const Step& step) {
    auto* const bound = m_work[step.trunk].bound;
    switch (step.kind) {
      case StepKind::check:
      case StepKind::patch:
      case StepKind::read_back: {
        const auto begins = m_service.begin_request(m_now);
        m_waited[binding_of(step).carrier->label] += begins - m_now;
        if (step.kind == StepKind::check && bound != nullptr) bound->begins = begins;
        return begins + m_service.assumptions.request;
      }
      case StepKind::probe:
      case StepKind::settle:
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
      auto* const bound = m_work[step.trunk].bound;
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

VirtualApply apply_virtually(std::vector<PlannedChange>& changes, const Before& before, VirtualService& service,
                             Instant now) {
  return Applying(changes, before, service, now).run();
}

}  // namespace trunkform::forecast
