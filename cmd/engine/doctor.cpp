#include "cmd/engine/doctor.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "cmd/engine/clock_judge.hpp"
#include "cmd/engine/key_warnings.hpp"
#include "cmd/engine/locking.hpp"
#include "cmd/engine/pair_checkup.hpp"

namespace trunkform::engine {
namespace {

std::string counted(std::size_t number, const char* what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

void tell(Checkup& checkup, Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error)
    checkup.bad(std::move(diagnostic.error));
  else
    checkup.warn(std::move(diagnostic.error));
}

void examine_organisation(Checkup& checkup, const Organisation& organisation) {
  if (organisation.by_api)
    return checkup.good(fmt::format("signed in; the organisation is \"{}\" ({})", organisation.name, organisation.id));
  checkup.good("signed in");
  checkup.warn(Error(ErrorCode::denied, "the organisation cannot be read",
                     "the state pins the host and the client id instead of the organisation's id")
                   .hint("give the client a role that may view the organisation, to be warned of a wrong one"));
}

void examine_trunks(Checkup& checkup, const std::vector<LiveTrunk>& trunks) {
  const auto shown = static_cast<std::size_t>(std::count_if(trunks.begin(), trunks.end(), [](const auto& trunk) {
    return trunk.certificate.kind != Sighting::Kind::unknown;
  }));
  checkup.good(fmt::format("{} can be read", counted(trunks.size(), "trunk")));
  if (shown < trunks.size())
    checkup.warn(
        Error(ErrorCode::denied,
              fmt::format("the service does not show the certificates of {}", counted(trunks.size() - shown, "trunk")),
              "a plan can tell what is there only by a look at the port")
            .hint("give each of them verify.tls: docs/configuration.md"));
  checkup.unknown(
      "whether trunks may be changed shows with the first PATCH: docs/permissions.md names what that takes");
}

}  // namespace

void examine_clock(Checkup& checkup, std::optional<Duration> difference) {
  if (!difference) return;
  if (auto judged = judge_clock(*difference, "the service")) return tell(checkup, std::move(*judged));
  checkup.good("the clocks agree within a minute");
}

Checkup examine_service(const Context& context, TrunkApi& api) {
  Checkup checkup;
  auto organisation = api.organisation(context);
  if (!organisation) {
    checkup.bad(std::move(organisation.error()));
    return checkup;
  }
  examine_organisation(checkup, *organisation);
  examine_clock(checkup, api.clock_difference());
  auto trunks = api.list(context, {});
  if (trunks)
    examine_trunks(checkup, *trunks);
  else
    checkup.bad(std::move(trunks.error()));
  return checkup;
}

void examine_engine(const Context& context, const state::Backend& backend, const Clock& clock, Checkup& checkup) {
  if (!backend.now) return;
  const auto before = clock.now();
  const auto theirs = backend.now(context);
  if (!theirs && theirs.error().code == ErrorCode::unsupported)
    return checkup.unknown("the backend tells no time: paces go by the clocks of the machines, which must agree");
  if (!theirs) return;  // what could not be read says why
  const auto ours = before + (clock.now() - before) / 2;
  if (auto judged = judge_clock(*theirs - ours, "the backend"))
    tell(checkup, std::move(*judged));
  else
    checkup.good("its clock and ours agree within a minute");
}

Checkup examine_state(const Result<ReadState>& state) {
  Checkup checkup;
  if (!state) {
    checkup.bad(state.error());
    return checkup;
  }
  if (state->snapshot)
    checkup.good(fmt::format("serial {}, with {}", state->snapshot->document.serial,
                             counted(state->snapshot->document.resources.size(), "trunk")));
  else
    checkup.good("nothing was applied yet");
  for (const auto& diagnostic : state->diagnostics) tell(checkup, diagnostic);
  if (state->running)
    checkup.warn(Error(ErrorCode::lock_held, fmt::format("it is locked: {}", who_runs(*state->running)))
                     .hint("wait for that run, or, where it is dead: trunkform force-unlock"));
  if (!state->open_intents.empty() && !state->running)
    checkup.warn(Error(ErrorCode::outcome_unknown, fmt::format("a run that is over left {} without an outcome",
                                                               counted(state->open_intents.size(), "trunk")))
                     .hint("the next apply looks at it first, and goes on with it: trunkform apply"));
  return checkup;
}

Checkup examine_source(const Context& context, Sources& sources, const Binding& binding, Instant now) {
  Checkup checkup;
  checkup.subject = binding.certificate;
  checkup.place = to_string(*binding.locator);
  const auto offer = sources.offer_for(context, binding);
  if (offer->error) {
    checkup.bad(*offer->error);
    return checkup;
  }
  const auto end = offer->chain->least_not_after();
  checkup.good(fmt::format("{}, until {}", counted(offer->chain->certificates.size(), "certificate"), to_rfc3339(end)));
  if (end <= now) checkup.bad(Error(ErrorCode::rejected, "what it offers has ended").hint("renew it in its source"));
  if (offer->no_key)
    checkup.bad(*offer->no_key);
  else if (offer->key_unreadable)
    checkup.bad(*offer->key_unreadable);
  else
    examine_pair(context, sources, *binding.locator, *offer->version, offer->chain, checkup);
  if (auto source = sources.open(*binding.locator)) tell_exposures(checkup, (*source)->exposures());
  return checkup;
}

}  // namespace trunkform::engine
