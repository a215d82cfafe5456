#include "tests/simulation/witness.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "planner/schedule/window.hpp"
#include "state/backends/local/local.hpp"
#include "state/document/hash_chain.hpp"

namespace trunkform::simulation {
namespace {

using namespace std::chrono_literals;

/// A PATCH may wait for Retry-After and lost answers after its trunk has started.
constexpr Duration k_patience = 7min;

}  // namespace

Witness::Witness(const Scenario& scenario, testing::SimulatedProgram& program)
    : m_scenario(scenario), m_program(program) {
  for (const auto& trunk : scenario.trunks) m_on[trunk.name] = program.live(trunk.name);
  program.service.on_bind([this](const sim::BindNotice& notice) { on_bind(notice); });
}

void Witness::complain(const std::string& what) {
  const std::scoped_lock guard(m_mutex);
  m_complaints.push_back(fmt::format("run {}: {}", m_run, what));
}

const Trunk& Witness::trunk_of(const std::string& name) const {
  return *std::find_if(m_scenario.trunks.begin(), m_scenario.trunks.end(),
                       [&](const Trunk& trunk) { return trunk.name == name; });
}

void Witness::begin_run(const Trouble& trouble, bool clock_is_honest) {
  ++m_run;
  m_trouble = &trouble;
  m_clock_is_honest = clock_is_honest;
  m_events_before = m_program.events().size();
}

void Witness::on_bind(const sim::BindNotice& notice) {
  Bind bind{notice.trunk_name, m_program.clock.now(), {}, m_on[notice.trunk_name], m_run};
  for (const auto& [name, pair] : certificates().pairs)
    if (m_program.facts.chain_of_pem(pair.chain).value()->identity == notice.identity) bind.pair = name;
  if (bind.pair.empty()) complain(bind.trunk + " was given a certificate that nobody offers");
  m_on[bind.trunk] = bind.pair;
  if (bind.pair == "strange") return;  // not ours
  check_repeat(bind);
  check_intent(bind, notice.identity);
  check_window(bind);
  check_stagger(bind);
  m_binds.push_back(bind);
}

/// The read before a PATCH may have come just before the clock jumped.
Duration Witness::could_not_be_seen() const {
  return m_trouble->read_lag +
         (m_trouble->jump_at > 0 ? std::max(m_trouble->clock_jump, Duration::zero()) : Duration::zero());
}

/// Nothing is sent again once anybody could have seen that it went through.
void Witness::check_repeat(const Bind& bind) {
  // Who removes the lock file lets two runs at one trunk: the PATCH has no condition of its own.
  if (bind.pair != bind.before || m_trouble->lock_removed_at > 0) return;
  for (const auto& other : m_binds)
    if (other.trunk == bind.trunk && other.pair == bind.pair && bind.at - other.at <= could_not_be_seen()) return;
  complain(bind.trunk + " was given again what it had");
}

/// Before a PATCH goes out it is written down that it will.
void Witness::check_intent(const Bind& bind, const Identity& identity) {
  auto& faults = m_program.files.kernel().faults();
  faults.pause(true);
  // Who removes the lock file while a PATCH is on its way lets another run close its intent, and write others, first.
  const bool any_counts = m_trouble->lock_removed_at > 0;
  bool is_meant = false;
  for (const auto& event : m_program.events())
    if (const auto* intent = std::get_if<Intent>(&event.body); intent != nullptr && intent->address.name == bind.trunk)
      is_meant = intent->record.chain->identity == identity || (any_counts && is_meant);
  if (!is_meant) complain(bind.trunk + " was changed without a durable intent");
  faults.pause(false);
}

/// Going back is exempt: it does not wait while calls fail.
void Witness::check_window(const Bind& bind) {
  const auto& carrier = m_scenario.carriers[trunk_of(bind.trunk).carrier];
  if (!carrier.window || bind.pair == "old" || !m_clock_is_honest) return;
  const Window window{{1, 2, 3, 4, 5}, 10h, 6h, "UTC", {}};
  if (!schedule::is_open({window}, bind.at).value() && !schedule::is_open({window}, bind.at - k_patience).value())
    complain(fmt::format("{} was changed at {}, outside its window", bind.trunk, to_rfc3339(bind.at)));
}

void Witness::check_stagger(const Bind& bind) {
  const auto& carrier = m_scenario.carriers[trunk_of(bind.trunk).carrier];
  if (carrier.rollout.stagger == Duration::zero() || bind.pair == "old" || !m_clock_is_honest) return;
  std::set<std::string> near;
  for (const auto& other : m_binds)
    if (trunk_of(other.trunk).carrier == trunk_of(bind.trunk).carrier && other.pair != "old" &&
        other.trunk != bind.trunk && bind.at - other.at < carrier.rollout.stagger)
      near.insert(other.trunk);
  // Who removes the lock file lets two runs at one carrier, and each of them keeps its own stagger.
  const std::size_t runs = m_trouble->lock_removed_at > 0 ? 2 : 1;
  if (near.size() >= static_cast<std::size_t>(carrier.max_parallel) * runs)
    complain(fmt::format("{} was changed within the stagger of {} other trunks of carrier {}", bind.trunk, near.size(),
                         carrier.label));
}

void Witness::end_run(const testing::Ended& ended) {
  const std::set<int> known{0, 1, 5, 6, 130, testing::SimulatedProgram::killed};
  if (!known.contains(ended.code)) complain(fmt::format("exit {}\n{}", ended.code, ended.err));
  if (ended.err.find("this is a bug") != std::string::npos && ended.code != testing::SimulatedProgram::killed)
    complain("a bug was reported\n" + ended.err);
  if (const auto violations = m_program.service.violations(); !violations.empty())
    complain("the service was treated wrongly: " + violations.front().what);
  for (const auto& trunk : m_scenario.trunks)
    if (trunk.has_certificate && m_program.live(trunk.name).empty())
      complain(trunk.name + " has no certificate any more");
  check_state();
  const auto events = events_of_run();
  check_damage(events);
  check_claims(events);
  check_denials(events);
  check_soaks(events);
  check_doubts(events);
  check_secrets();
}

std::vector<Event> Witness::events_of_run() {
  auto events = m_program.events();
  const auto before = std::min(m_events_before, events.size());
  return {std::make_move_iterator(events.begin() + static_cast<std::ptrdiff_t>(before)),
          std::make_move_iterator(events.end())};
}

/// Lineage for ever, serials and events only more.
void Witness::check_state() {
  const auto backend = state::open_local(m_program.files, m_program.clock, m_program.random, "/conf").value();
  const auto snapshot = backend.store->load({});
  if (!snapshot) return complain("the state cannot be read: " + to_line(snapshot.error()));
  const auto page = backend.log->read({}, 0);
  if (!page) return complain("the event log cannot be read: " + to_line(page.error()));
  if (auto good = state::verify_chain(page->events); !good) complain(to_line(good.error()));
  if (!*snapshot) {
    if (m_serial > 0) complain("the state is gone");
    return;
  }
  if ((*snapshot)->events_lost) complain("events were lost");
  if (!m_lineage.empty() && m_serial > 0 && (*snapshot)->token.lineage != m_lineage) complain("another lineage");
  if ((*snapshot)->token.serial < m_serial) complain("the serial went back");
  m_lineage = (*snapshot)->token.lineage;
  m_serial = (*snapshot)->token.serial;
}

/// One wave is the largest damage: after a failure that the policy does not allow nothing new is begun.
void Witness::check_damage(const std::vector<Event>& events) {
  std::set<std::string> begun, bound, failed, failed_in_soak;
  std::size_t allowed = 0, of_one_wave = 0;
  for (const auto& event : events) {
    // What an earlier run bound, and this one found to be wrong and took off, is no damage of this one.
    const auto* intent = std::get_if<Intent>(&event.body);
    if (intent != nullptr && !intent->record.was_put_back()) begun.insert(intent->address.name);
    const auto* outcome = std::get_if<Outcome>(&event.body);
    if (outcome == nullptr || !begun.contains(outcome->address.name)) continue;
    if (outcome->kind == OutcomeKind::committed) bound.insert(outcome->address.name);
    if (outcome->kind == OutcomeKind::failed)
      (bound.contains(outcome->address.name) ? failed_in_soak : failed).insert(outcome->address.name);
  }
  bool proceeds = false;
  for (const auto& carrier : m_scenario.carriers) {
    proceeds = proceeds || carrier.rollout.on_failure == OnFailure::proceed;
    allowed += static_cast<std::size_t>(carrier.max_parallel) + static_cast<std::size_t>(carrier.rollout.max_failures);
    of_one_wave += static_cast<std::size_t>(std::max(carrier.rollout.wave_size, carrier.rollout.canary)) +
                   static_cast<std::size_t>(carrier.rollout.max_failures);
  }
  if (!proceeds && failed.size() > allowed)
    complain(fmt::format("{} trunks failed in one run, though at most {} may", failed.size(), allowed));
  // Whatever has begun to settle when one of its wave fails is looked at all the same.
  if (!proceeds && failed_in_soak.size() > of_one_wave)
    complain(fmt::format("{} trunks failed at the end of their soak, more than a wave has", failed_in_soak.size()));
}

/// Who says that the wire shows the new certificate must have seen it there, and who has a wire to look at must look.
void Witness::check_claims(const std::vector<Event>& events) {
  const bool lies = m_trouble != nullptr && m_trouble->wire == Trouble::Wire::lies;
  for (const auto& event : events) {
    const auto* outcome = std::get_if<Outcome>(&event.body);
    if (outcome == nullptr || outcome->kind != OutcomeKind::committed) continue;
    const auto served = outcome->verification.served.verdict;
    if (lies && served == CheckVerdict::pass)
      complain(to_string(outcome->address) + " was verified on a wire that shows another certificate");
    if (served == CheckVerdict::not_configured && trunk_of(outcome->address.name).probed)
      complain(to_string(outcome->address) + " has a port, and nobody looked at it");
  }
}

/// Who says that nothing was bound must be right.
void Witness::check_denials(const std::vector<Event>& events) {
  // Who removes the lock file lets a second run judge what the first is about to do.
  if (!m_clock_is_honest || m_trouble->lock_removed_at > 0) return;
  std::map<std::string, Instant> intended;
  for (const auto& event : events) {
    if (const auto* intent = std::get_if<Intent>(&event.body)) intended[intent->address.name] = event.time;
    const auto* outcome = std::get_if<Outcome>(&event.body);
    if (outcome == nullptr || outcome->kind != OutcomeKind::not_committed) continue;
    const auto since = intended.find(outcome->address.name);
    if (since == intended.end()) continue;
    for (const auto& bind : m_binds)
      if (bind.run == m_run && bind.trunk == outcome->address.name && bind.at >= since->second && bind.at <= event.time)
        complain(bind.trunk + " is said not to have been changed, and it was: " + outcome->message);
  }
}

/// Nobody looks before the soak is over.
void Witness::check_soaks(const std::vector<Event>& events) {
  if (!m_clock_is_honest) return;
  std::map<std::string, Instant> bound;
  for (const auto& event : events) {
    if (const auto* outcome = std::get_if<Outcome>(&event.body); outcome != nullptr)
      if (outcome->kind == OutcomeKind::committed) bound[outcome->address.name] = event.time;
    const auto* probed = std::get_if<Probed>(&event.body);
    if (probed == nullptr || probed->verification.settled.verdict == CheckVerdict::not_configured) continue;
    const auto since = bound.find(probed->address.name);
    const auto soak = m_scenario.carriers[trunk_of(probed->address.name).carrier].rollout.soak;
    if (since != bound.end() && event.time - since->second < soak)
      complain(fmt::format("{} was looked at {} after it was changed; its soak is {}", probed->address.name,
                           to_words(event.time - since->second), to_words(soak)));
  }
}

/// What nobody could see is no reason to go on after the wave.
void Witness::check_doubts(const std::vector<Event>& events) {
  std::map<std::size_t, std::set<std::string>> begun;  // by carrier, after the first doubt
  std::set<std::size_t> doubtful;
  for (const auto& event : events) {
    if (const auto* outcome = std::get_if<Outcome>(&event.body); outcome != nullptr) {
      const auto carrier = trunk_of(outcome->address.name).carrier;
      if (outcome->verification.served.verdict == CheckVerdict::inconclusive &&
          m_scenario.carriers[carrier].rollout.unreachable == Unreachable::stop)
        doubtful.insert(carrier);
    }
    if (const auto* intent = std::get_if<Intent>(&event.body); intent != nullptr) {
      const auto carrier = trunk_of(intent->address.name).carrier;
      if (doubtful.contains(carrier)) begun[carrier].insert(intent->address.name);
    }
  }
  for (const auto& [carrier, trunks] : begun) {
    const auto& [label, rollout, max_parallel, window] = m_scenario.carriers[carrier];
    if (trunks.size() >= static_cast<std::size_t>(std::max(rollout.wave_size, rollout.canary)))
      complain(
          fmt::format("{} trunks of carrier {} were begun after one that nobody could verify", trunks.size(), label));
  }
}

void Witness::check_secrets() {
  const auto names = m_program.files.list("/conf");
  if (!names) return;
  for (const auto& name : *names) {
    if (name.ends_with(".key")) continue;
    const auto bytes = m_program.files.read(Path("/conf") / name, 64U << 20U);
    if (bytes && bytes->find("PRIVATE KEY") != std::string::npos) complain("a private key lies in " + name);
  }
}

void Witness::at_the_end(const testing::Ended& last_plan) {
  if (last_plan.code != 0)
    complain(fmt::format("it never came to rest: exit {}\n{}{}", last_plan.code, last_plan.out, last_plan.err));
  const auto state = m_program.state();
  const auto wanted = m_program.facts.chain_of_pem(certificates().pairs.at("new").chain).value()->identity;
  for (const auto& trunk : m_scenario.trunks) {
    if (m_program.live(trunk.name) != "new")
      complain(fmt::format("{} has \"{}\" in the end", trunk.name, m_program.live(trunk.name)));
    const auto record = state.resources.find(testing::SimulatedProgram::address(trunk.name));
    if (record == state.resources.end())
      complain("the state does not know " + trunk.name);
    else if (record->second.chain->identity != wanted)
      complain("the state says that " + trunk.name + " has something else");
  }
  if (!state.open_intents.empty()) complain("an intent is still open");
}

}  // namespace trunkform::simulation
