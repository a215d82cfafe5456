#include "planner/forecast/scenario_run.hpp"

#include <algorithm>
#include <deque>
#include <queue>
#include <set>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "planner/diff/steps.hpp"
#include "planner/forecast/lapses.hpp"
#include "planner/forecast/virtual_apply.hpp"
#include "planner/forecast/virtual_trunk.hpp"
#include "planner/schedule/not_before.hpp"

namespace trunkform::forecast {
namespace {

class Running {
 public:
  Running(const Input& input, const Renewal& renewal, Sources& sources)
      : m_input(input), m_calendar(input.start, input.end, input.assumptions.apply_every) {
    m_scenario.renewal = renewal;
    m_service.epoch = input.start;
    m_service.assumptions = input.assumptions;
    if (input.pacing) m_service.reserve = input.pacing();
    for (const auto& binding : input.bindings) {
      if (binding.binding.colour == Colour::green) m_greens.emplace(binding.binding.group, m_trunks.size());
      m_trunks.emplace_back(binding, sources.at(binding.binding.locator),
                            m_calendar.add(binding.binding.rotate->windows));
    }
    m_wakes_at.resize(m_trunks.size());
  }

  Scenario run() {
    for (std::size_t i = 0; i < m_trunks.size(); ++i) m_wakes.emplace(m_input.start, i);
    while (!m_wakes.empty() && m_wakes.top().first <= m_input.end) step(m_wakes.top().first);
    for (std::size_t i = 0; i < m_trunks.size(); ++i) lapse_for_good(i);
    finish();
    return std::move(m_scenario);
  }

 private:
  using Wake = std::pair<Instant, std::size_t>;

  const Input& m_input;
  RunCalendar m_calendar;
  VirtualService m_service;
  std::deque<VirtualTrunk> m_trunks;
  std::map<std::string_view, std::size_t> m_greens;  ///< by group
  std::priority_queue<Wake, std::vector<Wake>, std::greater<>> m_wakes;
  std::vector<std::optional<Instant>> m_wakes_at;  ///< the latest of each trunk
  Instant m_busy_until = Instant::min();
  std::map<std::string, Instant, std::less<>> m_paced_until;  ///< by carrier
  std::vector<PlannedChange> m_soaking;  ///< bound by an earlier run; what an apply saw to is taken out
  Scenario m_scenario;

  void wake(std::size_t index, std::optional<Instant> at) {
    m_wakes_at[index] = at ? std::optional(m_calendar.next_run(m_trunks[index].windows(), *at)) : std::nullopt;
    if (at) m_wakes.emplace(*m_wakes_at[index], index);
  }

  std::vector<std::size_t> take_all(Instant now) {
    std::vector<std::size_t> awake;
    for (; !m_wakes.empty() && m_wakes.top().first == now; m_wakes.pop()) awake.push_back(m_wakes.top().second);
    return awake;
  }

  void step(Instant now) {
    const auto awake = take_all(now);
    if (now < m_busy_until) {
      for (const auto index : awake) wait_for_lock(index, now);
      return;
    }
    std::vector<PlannedChange> ready;
    std::vector<std::size_t> indices;
    for (const auto index : awake) {
      auto change = look(index, now);
      const auto others = m_input.leftovers ? m_input.leftovers->failed.failures_elsewhere(change) : 0;
      // What is still to be issued is nobody's to foresee: it is told as unproven.
      if (!change.writes() || change.after == nullptr) {
        if (now == m_input.start) note_open_soak(index, change);
        wake(index, m_trunks[index].next_look(change, now));
      } else if (others > 0) {
        // An apply tries it when there is nothing left to lose. That it passes then is nobody's to assume.
        m_trunks[index].last->failures_elsewhere = others;
        wake(index, m_trunks[index].next_look(change, now));
      } else if (change.not_before && *change.not_before > schedule::start_by(*change.binding, Duration::zero(), now)) {
        wake(index, change.not_before);
      } else {
        ready.push_back(std::move(change));
        indices.push_back(index);
      }
    }
    hold_back_blues(ready, indices);
    const auto soaks = open_soaks(ready, now);
    if (!ready.empty() || !soaks.empty()) apply(ready, indices, soaks, now);
  }

  /// Why an apply leaves alone what is blue; empty: it does not.
  std::string why_held(std::size_t green) const {
    const auto& trunk = m_trunks[green];
    const auto name = to_string(trunk.binding().address);
    const auto& seen = trunk.last;
    if (seen && seen->gate != Gate::none)
      return fmt::format("{}, its green trunk, comes first: {}: {}", name, to_string(seen->gate), seen->gate_summary);
    if (trunk.has_failed()) return fmt::format("what is bound to {}, its green trunk, has failed", name);
    if (seen && seen->failures_elsewhere > 0)
      return fmt::format(
          "what is offered to {}, its green trunk, has failed on other trunks of carrier {} or was rolled back there",
          name, trunk.binding().carrier->label);
    if (seen && seen->writes && seen->not_before)
      return fmt::format("{}, its green trunk, comes first, and may not rotate before {}", name,
                         to_rfc3339(*seen->not_before));
    return {};
  }

  /// A blue is not written while an apply leaves its green alone; it is looked at again with its green.
  void hold_back_blues(std::vector<PlannedChange>& ready, std::vector<std::size_t>& indices) {
    const std::set<std::size_t> written(indices.begin(), indices.end());
    for (auto i = ready.size(); i-- > 0;) {
      const auto& binding = m_trunks[indices[i]].binding();
      const auto green = m_greens.find(binding.group);
      if (binding.colour != Colour::blue || green == m_greens.end() || written.contains(green->second)) continue;
      auto why = why_held(green->second);
      if (why.empty()) continue;
      m_trunks[indices[i]].last->held_by_green = std::move(why);
      // The run that does its green does it too.
      if (const auto& run = m_wakes_at[green->second]) m_wakes.emplace(*run, indices[i]);
      ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(i));
      indices.erase(indices.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  void note_open_soak(std::size_t index, const PlannedChange& change) {
    const auto* prior = m_trunks[index].initial().prior;
    if (m_input.leftovers && prior != nullptr && schedule::open_soak(*prior, *change.binding, m_input.start))
      m_soaking.push_back(change);
  }

  std::vector<schedule::OpenSoak> open_soaks(const std::vector<PlannedChange>& ready, Instant now) const {
    if (m_soaking.empty()) return {};
    return schedule::open_soaks(m_soaking, schedule::writes_of(ready), m_input.leftovers->records, now);
  }

  void settle(const std::vector<schedule::OpenSoak>& soaks) {
    std::set<Address> seen;
    for (const auto& open : soaks) seen.insert(open.change->address);
    std::erase_if(m_soaking, [&](const auto& change) { return seen.contains(change.address); });
  }

  /// A scheduled run that finds the lock held ends; the next one comes later.
  void wait_for_lock(std::size_t index, Instant now) {
    auto& trunk = m_trunks[index];
    if (!trunk.expiry() || *trunk.expiry() >= now) {
      if (!trunk.last) trunk.last.emplace();
      trunk.last->waits_for_run = true;
    }
    wake(index, m_busy_until);
  }

  std::optional<Instant> paced_until(const VirtualTrunk& trunk) const {
    const auto found = m_paced_until.find(trunk.binding().carrier->label);
    if (found != m_paced_until.end()) return found->second;
    const auto& taken = trunk.initial().paced_until;
    return taken ? std::optional(taken->until) : std::nullopt;
  }

  PlannedChange look(std::size_t index, Instant now) {
    auto& trunk = m_trunks[index];
    if (trunk.expiry() && *trunk.expiry() <= now && !trunk.at_expiry) trunk.at_expiry = trunk.last;
    auto change = trunk.plan(now, paced_until(trunk));
    if (change.action == Action::adopt && change.gate == Gate::none) trunk.adopt();
    auto& seen = trunk.last.emplace();
    seen.relation = change.relation;
    seen.gate = change.gate;
    if (change.error) seen.gate_summary = change.error->summary;
    seen.writes = change.writes();
    seen.not_before = change.not_before;
    for (const auto& note : change.notes)
      if (constexpr std::string_view k_ignored = "warning: the window is ignored"; note.starts_with(k_ignored))
        seen.warning = note.substr(std::string_view("warning: ").size());
    return change;
  }

  void apply(std::vector<PlannedChange>& ready, const std::vector<std::size_t>& indices,
             const std::vector<schedule::OpenSoak>& soaks, Instant now) {
    static const schedule::ProvenChains k_none;
    const auto before = m_service.rate.total();
    const auto& proven = m_input.leftovers ? m_input.leftovers->proven : k_none;
    const auto applied = apply_virtually(ready, {soaks, proven}, m_service, now);
    settle(soaks);
    m_busy_until = std::max(applied.ends, now + Duration(1));
    const auto through =
        std::count_if(applied.bound.begin(), applied.bound.end(), [](const Bound& bound) { return bound.is_through; });
    Run run{now, applied.ends, static_cast<std::size_t>(through), applied.waves, m_service.rate.total() - before};
    m_scenario.runs.push_back(run);
    for (std::size_t i = 0; i < ready.size(); ++i) {
      if (applied.bound[i].is_through)
        rotate(indices[i], ready[i], applied.bound[i], run);
      else
        m_trunks[indices[i]].last->missed_turn = true;
      wake(indices[i], m_busy_until);
    }
  }

  void rotate(std::size_t index, const PlannedChange& change, const Bound& bound, const Run& run) {
    auto& trunk = m_trunks[index];
    const auto rotation = rotation_of(index, change, bound, run);
    const bool lapsed = !trunk.expiry() || *trunk.expiry() < bound.bound;
    if (lapsed && (trunk.expiry() || trunk.nothing_live())) {
      auto lapse = explain_lapse(trunk, m_input.start, LapseEnd{rotation, run, bound.waited, m_input.assumptions});
      lapse.subject = index;
      m_scenario.lapses.push_back(std::move(lapse));
    }
    std::erase_if(m_soaking, [&](const auto& soaking) { return soaking.address == change.address; });
    auto& paced = m_paced_until[trunk.binding().carrier->label];
    paced = std::max(paced, bound.ends + trunk.binding().rollout->stagger);
    const auto number = trunk.source().generation_at(run.begins);
    trunk.bind(change.after, change.version,
               number == 0 ? &trunk.initial().offer.path : &trunk.source().generation(number).offer.path);
    m_scenario.rotations.push_back(rotation);
  }

  Rotation rotation_of(std::size_t index, const PlannedChange& change, const Bound& bound, const Run& run) const {
    const auto& trunk = m_trunks[index];
    Rotation rotation;
    rotation.subject = index;
    rotation.run = m_scenario.runs.size() - 1;
    rotation.cause = change.cause;
    rotation.canary = bound.canary;
    rotation.due = trunk.due();
    rotation.begins = bound.begins;
    rotation.bound = bound.bound;
    rotation.ends = bound.ends;
    rotation.old_expiry = trunk.expiry();
    const auto number = trunk.source().generation_at(run.begins);
    const auto& offer = number == 0 ? trunk.initial().offer : trunk.source().generation(number).offer;
    rotation.offered = offer.chain->leaf().not_before;
    rotation.new_expiry = diff::effective_expiry(*offer.chain, &offer.path);
    if (trunk.binding().rotate->windows.empty()) return rotation;
    rotation.window = m_calendar.opening_at(trunk.windows(), run.begins);
    rotation.window_ignored = !rotation.window;
    rotation.outside_window = rotation.window && bound.begins >= rotation.window->closes;
    if (rotation.window_ignored) rotation.warning = trunk.last->warning;
    return rotation;
  }

  void lapse_for_good(std::size_t index) {
    auto& trunk = m_trunks[index];
    const bool lapses = trunk.expiry() ? *trunk.expiry() < m_input.end : trunk.nothing_live();
    if (!lapses) return;
    auto lapse = explain_lapse(trunk, m_input.start, std::nullopt);
    lapse.subject = index;
    m_scenario.lapses.push_back(std::move(lapse));
  }

  void finish() {
    auto& s = m_scenario;
    std::stable_sort(s.rotations.begin(), s.rotations.end(),
                     [](const auto& a, const auto& b) { return a.bound < b.bound; });
    std::stable_sort(s.lapses.begin(), s.lapses.end(), [](const auto& a, const auto& b) {
      return std::tie(a.from, a.subject) < std::tie(b.from, b.subject);
    });
    std::map<std::chrono::sys_days, Day> days;
    for (const auto& [date, count] : m_service.rate.days()) {
      days[date].requests = count.requests;
      days[date].peak = count.peak;
      s.peak = std::max(s.peak, count.peak);
    }
    s.requests = m_service.rate.total();
    for (const auto& rotation : s.rotations) ++days[std::chrono::floor<std::chrono::days>(rotation.bound)].rotations;
    for (const auto& lapse : s.lapses)
      ++days[std::chrono::floor<std::chrono::days>(std::max(lapse.from, m_input.start))].lapses;
    for (auto& [date, day] : days) {
      day.date = date;
      s.days.push_back(day);
    }
    for (std::size_t i = 0; i < s.rotations.size(); ++i) {
      const auto margin = s.rotations[i].margin();
      if (margin && (!s.narrowest || *margin < *s.rotations[*s.narrowest].margin())) s.narrowest = i;
    }
  }
};

}  // namespace

Scenario run_scenario(const Input& input, const Renewal& renewal, Sources& sources) {
  return Running(input, renewal, sources).run();
}

}  // namespace trunkform::forecast
