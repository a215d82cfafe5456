#include "cmd/engine/gather.hpp"

#include <algorithm>
#include <future>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "cmd/engine/side_by_side.hpp"
#include "cmd/engine/verify.hpp"
#include "planner/diff/lookup.hpp"

namespace trunkform::engine {
namespace {

constexpr Duration k_largest_clock_difference = std::chrono::minutes(5);

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

Result<> check_clock(const TrunkApi& api, std::vector<Diagnostic>& diagnostics) {
  const auto difference = api.clock_difference();
  if (!difference) return {};
  const auto size = *difference < Duration::zero() ? -*difference : *difference;
  if (size > k_largest_clock_difference)
    return Error(ErrorCode::invalid_input,
                 fmt::format("this machine's clock is {} {} the service's", to_words(size),
                             *difference > Duration::zero() ? "behind" : "ahead of"),
                 "expiry and maintenance windows would be judged wrongly")
        .hint("set the clock (timedatectl shows whether it is synchronised), then run the command again");
  if (size > std::chrono::minutes(1))
    diagnostics.push_back({Severity::warning, Error(ErrorCode::invalid_input,
                                                    fmt::format("this machine's clock differs from the service's by {}",
                                                                to_words(size)))});
  return {};
}

Result<ReadState> read_state(const Context& context, StateStore& store, EventLog& log) {
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

Result<Gathered> gather(const Context& context, TrunkApi& api, StateStore& store, EventLog& log, Sources& sources,
                        TlsProbe& tls, const GatherRequest& request) {
  Gathered gathered;
  auto describing =
      std::async(std::launch::async, [&] { sources.describe_all(context, request.bindings, request.parallelism); });
  auto reading = std::async(
      std::launch::async, [&] { return request.read_state ? request.read_state() : read_state(context, store, log); });
  auto organisation = api.organisation(context);
  Result<std::vector<LiveTrunk>> trunks = organisation ? api.list(context, request.progress) : organisation.error();
  describing.get();
  auto read = reading.get();
  if (!trunks && request.service_failed) request.service_failed(trunks.error());
  gathered.organisation = TRY(std::move(organisation));
  gathered.trunks = TRY(std::move(trunks));
  auto state = TRY(std::move(read));
  gathered.state = std::move(state.snapshot);
  gathered.open_intents = std::move(state.open_intents);
  gathered.diagnostics = std::move(state.diagnostics);
  TRY(check_clock(api, gathered.diagnostics));
  if (!gathered.organisation.by_api)
    gathered.diagnostics.push_back(
        {Severity::warning,
         Error(ErrorCode::denied, "the organisation cannot be read",
               fmt::format("the state pins the host and client id ({}) instead of the organisation's id",
                           gathered.organisation.id))
             .hint("give the client a role that may view the organisation, to be warned of a wrong one")});
  probe_trunks(context, tls, request, gathered);
  read_pace(context, request, gathered);
  return gathered;
}

}  // namespace trunkform::engine
