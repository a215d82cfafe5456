#include "cmd/engine/gather.hpp"

#include <algorithm>
#include <future>

#include <fmt/format.h>

#include "cmd/engine/clock_judge.hpp"
#include "cmd/engine/locking.hpp"
#include "cmd/engine/records.hpp"
#include "cmd/engine/side_by_side.hpp"
#include "cmd/engine/verify.hpp"
#include "planner/diff/lookup.hpp"
#include "planner/diff/organisation.hpp"

namespace trunkform::engine {
namespace {

/// Probes the trunks whose certificate the API does not show, or all that say where to look.
void probe_trunks(const Context& context, TlsProbe& tls, const GatherRequest& request, Gathered& gathered) {
  const diff::TrunkIndex index(gathered.trunks);
  std::vector<std::pair<TrunkId, const TlsProbePolicy*>> wanted;
  for (const auto& binding : request.bindings) {
    if (!binding.verify->tls) continue;
    const auto found = index.look_up(binding.trunk, recorded(gathered.state, binding.address));
    if (found.trunk == nullptr) continue;
    if (request.probing == Probing::always || found.trunk->certificate.kind == Sighting::Kind::unknown)
      wanted.emplace_back(found.trunk->id, &*binding.verify->tls);
  }
  std::vector<Sighting> seen(wanted.size());
  side_by_side(request.parallelism, wanted.size(), 1,
               [&](std::size_t i) { seen[i] = sight_on_wire(context, tls, *wanted[i].second); });
  for (std::size_t i = 0; i < wanted.size(); ++i) gathered.served.emplace(wanted[i].first, std::move(seen[i]));
}

void read_pace(const Context& context, const GatherRequest& request, Gathered& gathered) {
  if (request.pacing == nullptr) return;
  std::map<std::string, const CarrierPolicy*> carriers;
  for (const auto& binding : request.bindings)
    if (binding.rollout->stagger > Duration::zero()) carriers.emplace(binding.carrier->label, &*binding.carrier);
  for (const auto& [label, policy] : carriers) {
    const auto busy = request.pacing->busy_until(context, {gathered.organisation.id, label},
                                                 static_cast<std::size_t>(std::max(1, policy->max_parallel)));
    if (busy && *busy) gathered.paced_until.emplace(label, **busy);
  }
}

/// A lost intent hides nothing: its trunk is compared with the service like every other.
Diagnostic explain_lost_events() {
  return {Severity::warning,
          Error(ErrorCode::corrupt, "a part of the event log is missing: the file was removed or cut",
                "the history before is gone, and an interrupted run could not be told from a change made by hand")
              .hint("nothing else depends on it: this plan compares every trunk with the service; look for trunks that "
                    "have drifted")
              .hint("put the log back from a backup, if there is one, before the next apply")};
}

}  // namespace

std::set<Address> Gathered::leaving() const {
  std::set<Address> addresses;
  for (const auto& [address, intent] : open_intents)
    if (intent.record.was_put_back()) addresses.insert(address);
  return addresses;
}

Result<> check_clock(const TrunkApi& api, std::vector<Diagnostic>& diagnostics) {
  const auto difference = api.clock_difference();
  auto judged = difference ? judge_clock(*difference, "the service") : std::nullopt;
  if (!judged) return {};
  if (judged->severity == Severity::error) return std::move(judged->error);
  diagnostics.push_back(std::move(*judged));
  return {};
}

namespace {

/// Who cannot tell (a folder that is read-only here) hears of no run.
std::optional<LockInfo> holder_of(const Context& context, Lock* lock) {
  if (lock == nullptr) return std::nullopt;
  auto holder = lock->holder(context);
  return holder ? std::move(*holder) : std::nullopt;
}

Result<ReadState> read_once(const Context& context, StateStore& store, EventLog& log) {
  ReadState read;
  read.snapshot = TRY(store.load(context));
  if (read.snapshot && read.snapshot->events_lost) read.diagnostics.push_back(explain_lost_events());
  if (!read.snapshot || read.snapshot->document.open_intents.empty()) return read;
  const auto& open = read.snapshot->document.open_intents;
  const auto first =
      std::min_element(open.begin(), open.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto page = TRY(log.read(context, first->second - 1));
  for (const auto& event : page.events)
    for (const auto& [address, sequence] : open)
      if (event.sequence == sequence)
        if (const auto* intent = std::get_if<Intent>(&event.body)) {
          // `state mv` may have renamed it since: its outcome belongs to the address of now.
          auto& open_intent = read.open_intents.emplace(address, *intent).first->second;
          open_intent.address = open_intent.record.address = address;
        }
  return read;
}

/// What a state says is on the trunks, and what a run has begun there. Borrows.
struct StateView {
  const std::optional<Snapshot>& snapshot;
  const std::map<Address, Intent>& open_intents;
  const std::map<Address, ResourceRecord>& records() const { return records_of(snapshot); }
};

/// Trunks whose record or intent came, went or changed between two looks at the state.
std::set<Address> moved_between(const StateView& before, const StateView& after) {
  std::set<Address> moved;
  const auto compare = [&moved](const auto& ones, const auto& others, const auto& is_same) {
    for (const auto& [address, one] : ones) {
      const auto other = others.find(address);
      if (other == others.end() || !is_same(one, other->second)) moved.insert(address);
    }
  };
  const auto same_record = [](const ResourceRecord& one, const ResourceRecord& other) {
    const bool same_chain = one.chain == nullptr || other.chain == nullptr
                                ? one.chain == other.chain
                                : one.chain->identity == other.chain->identity;
    return same_chain && one.bound_at == other.bound_at && one.trunk_id == other.trunk_id;
  };
  const auto same_intent = [&](const Intent& one, const Intent& other) {
    return one.trunk_id == other.trunk_id && same_record(one.record, other.record);
  };
  compare(before.records(), after.records(), same_record);
  compare(after.records(), before.records(), same_record);
  compare(before.open_intents, after.open_intents, same_intent);
  compare(after.open_intents, before.open_intents, same_intent);
  return moved;
}

/// Whether anything on the trunks is not as the state says, so that it matters whether the state is still that.
bool differs(const Gathered& gathered, const std::vector<Binding>& bindings) {
  if (!gathered.open_intents.empty()) return true;
  const StateView state{gathered.state, gathered.open_intents};
  const auto is_recorded = [&](const Binding& binding) { return state.records().contains(binding.address); };
  if (!std::all_of(bindings.begin(), bindings.end(), is_recorded)) return true;
  const diff::TrunkIndex trunks(gathered.trunks);
  const auto is_another = [](const ResourceRecord& record, const Sighting& seen) {
    return seen.kind == Sighting::Kind::none || (seen.is_certificate() && !record.is_live_as(seen.chain->identity));
  };
  return std::any_of(state.records().begin(), state.records().end(), [&](const auto& entry) {
    const auto& record = entry.second;
    const auto* trunk = trunks.by_id(record.trunk_id);
    const auto served = gathered.served.find(record.trunk_id);
    return trunk == nullptr || is_another(record, trunk->certificate) ||
           (served != gathered.served.end() && is_another(record, served->second));
  });
}

Diagnostic explain_running(const LockInfo& run) {
  return {Severity::warning, Error(ErrorCode::lock_held, fmt::format("another run is at work: {}", who_runs(run)),
                                   "what it has in hand changes while this looks, and is not judged")
                                 .hint("run this again when it has ended; what it has done so far: trunkform history")};
}

Diagnostic explain_ended(std::size_t trunks) {
  return {Severity::warning,
          Error(ErrorCode::conflict, "a run began or ended while this looked",
                fmt::format("what it wrote meanwhile ({} address{}) is not judged", trunks, trunks == 1 ? "" : "es"))
              .hint("run this again; what that run did: trunkform history")};
}

/// A run writes between our look at the state and our look at the trunks: what moved meanwhile is not drift. A short
/// one may have begun after the first look and be over by now, when nobody holds the lock any more.
void tell_own_work(const Context& context, StateStore& store, EventLog& log, const GatherRequest& request,
                   std::optional<LockInfo> running, Gathered& gathered) {
  gathered.running = running ? std::move(running) : holder_of(context, request.others);
  const bool may_have_run = request.others != nullptr && differs(gathered, request.bindings);
  if (!gathered.running && !may_have_run) return;
  if (const auto after = read_once(context, store, log)) {
    gathered.in_hand = moved_between({gathered.state, gathered.open_intents}, {after->snapshot, after->open_intents});
    // What is still without outcome is in the hand of the run that is at work; where there is none, nobody's.
    if (gathered.running)
      for (const auto& [address, intent] : after->open_intents) gathered.in_hand.insert(address);
  }
  if (gathered.running)
    gathered.diagnostics.push_back(explain_running(*gathered.running));
  else if (!gathered.in_hand.empty())
    gathered.diagnostics.push_back(explain_ended(gathered.in_hand.size()));
}

/// One that the state names and the API hides is an error at each trunk, and nothing is said of it here.
void tell_organisation(Gathered& gathered) {
  const auto& now = gathered.organisation;
  const auto pinned = gathered.state ? gathered.state->document.organisation : std::nullopt;
  if (pinned && diff::learns_organisation(*pinned, now))
    gathered.diagnostics.push_back(
        {Severity::warning,
         Error(ErrorCode::denied, fmt::format("the organisation can be read now: \"{}\" ({})", now.name, now.id),
               fmt::format("the state was made by the same client ({}) when it could not", pinned->id))
             .hint("nothing is to be done: the next apply that writes pins the organisation in the state")});
  if (now.by_api || (pinned && !diff::is_organisation_of(*pinned, now))) return;
  gathered.diagnostics.push_back(
      {Severity::warning,
       Error(ErrorCode::denied, "the organisation cannot be read",
             fmt::format("the state pins the host and client id ({}) instead of the organisation's id", now.id))
           .hint("give the client a role that may view the organisation, to be warned of a wrong one")});
}

/// What each source offered last, by the state. Of trunks that have different versions of one, the last.
KnownOffers known_offers(const Result<ReadState>& state) {
  KnownOffers known;
  if (!state) return known;
  std::map<Locator, Instant> bound;
  for (const auto& [address, record] : records_of(state->snapshot)) {
    if (!record.version || record.chain == nullptr) continue;
    const auto [last, is_first] = bound.try_emplace(record.locator, record.bound_at);
    if (!is_first && record.bound_at <= last->second) continue;
    last->second = record.bound_at;
    known.insert_or_assign(record.locator, KnownOffer{*record.version, record.chain});
  }
  return known;
}

}  // namespace

Result<ReadState> read_state(const Context& context, StateStore& store, EventLog& log, Lock* others) {
  auto read = TRY(read_once(context, store, log));
  read.running = holder_of(context, others);
  if (others == nullptr || read.running || read.open_intents.empty()) return read;
  // Nobody holds it: the run was interrupted, or it ended between the two looks and closed what it had begun.
  return read_once(context, store, log);
}

Result<Gathered> gather(const Context& context, TrunkApi& api, StateStore& store, EventLog& log, Sources& sources,
                        TlsProbe& tls, const GatherRequest& request) {
  Gathered gathered;
  std::shared_future<Result<ReadState>> reading = std::async(std::launch::async, [&] {
    return request.read_state ? request.read_state() : read_state(context, store, log, request.others);
  });
  auto describing = std::async(std::launch::async, [&] {
    return sources.describe_all(context, request.bindings, request.parallelism,
                                [&] { return known_offers(reading.get()); });
  });
  auto organisation = api.organisation(context);
  Result<std::vector<LiveTrunk>> trunks = organisation ? api.list(context, request.progress) : organisation.error();
  sources.recognise_all(context, describing.get(), request.parallelism);
  auto read = reading.get();
  if (!trunks && request.service_failed) request.service_failed(trunks.error());
  gathered.organisation = TRY(std::move(organisation));
  gathered.trunks = TRY(std::move(trunks));
  auto state = TRY(std::move(read));
  gathered.diagnostics = std::move(state.diagnostics);
  gathered.state = std::move(state.snapshot);
  gathered.open_intents = std::move(state.open_intents);
  TRY(check_clock(api, gathered.diagnostics));
  tell_organisation(gathered);
  probe_trunks(context, tls, request, gathered);
  tell_own_work(context, store, log, request, std::move(state.running), gathered);
  read_pace(context, request, gathered);
  return gathered;
}

}  // namespace trunkform::engine
