#include "cmd/engine/rollback.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cmd/engine/apply.hpp"
#include "cmd/engine/commit.hpp"
#include "cmd/engine/way_back.hpp"
#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/alerting.hpp"
#include "cmd/trunkform/approval.hpp"
#include "cmd/trunkform/commands/apply_end.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/recovered_state.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/views/apply_view.hpp"
#include "cmd/trunkform/views/reason_text.hpp"
#include "cmd/trunkform/writing_run.hpp"
#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"
#include "planner/schedule/failed_chains.hpp"

namespace trunkform::cli {
namespace {

Result<const Binding*> binding_of(const Session& session, const Address& address) {
  const auto& bindings = session.configuration().bindings;
  if (const auto* found = find_binding(bindings, address)) return found;
  std::vector<Address> known;
  known.reserve(bindings.size());
  for (const auto& binding : bindings) known.push_back(binding.address);
  if (auto hints = instance_hints("rollback", address, known); !hints.empty()) {
    Error several(ErrorCode::invalid_input, fmt::format("{} is more than one trunk", to_string(address)),
                  "a rollback goes trunk by trunk");
    several.hints = std::move(hints);
    return several;
  }
  auto unknown = unknown_address(address, known, "is not in the configuration");
  unknown.detail = "its carrier's rules and its source say what may be bound again";
  return std::move(unknown).hint(
      "put the block back, or bind the certificate that you want by the block that has the trunk now");
}

Result<const ResourceRecord*> record_of(const RecoveredState& state, const Address& address) {
  if (const auto open = state.unresolved.find(address); open != state.unresolved.end()) return open->second;
  const auto* resources = state.snapshot ? &state.snapshot->document.resources : nullptr;
  if (resources != nullptr)
    if (const auto found = resources->find(address); found != resources->end()) return &found->second;
  return Error(ErrorCode::not_found, fmt::format("{} is not in the state", to_string(address)),
               "what was there before is not known")
      .hint("trunkform state list shows what is");
}

std::string certificate_line(const ChainFacts& chain, Instant now) {
  return fmt::format("{}, serial {}, ends {}", to_short(chain.identity.leaf), chain.leaf().serial,
                     views::expiry_text(chain.least_not_after(), now));
}

Result<> check_organisation(const RecoveredState& state, const Organisation& organisation, const Address& address) {
  if (state.snapshot && state.snapshot->document.organisation &&
      !diff::is_organisation_of(*state.snapshot->document.organisation, organisation))
    return diff::explain_wrong_organisation(address, *state.snapshot->document.organisation, organisation);
  return {};
}

Result<bool> is_approved(Frame& frame, const ResourceRecord& record, const HistoryEntry& earlier) {
  const auto now = frame.world.clock.now();
  frame.world.streams.out << fmt::format("{}: trunk {}\n  now        {}\n  goes back  {}\n", to_string(record.address),
                                         views::escape_foreign(record.trunk_name), certificate_line(*record.chain, now),
                                         certificate_line(*earlier.chain, now));
  if (frame.arguments.on("auto-approve")) return true;
  return ask_for_approval(frame.world, frame.reporter,
                          "Do you want to bind the earlier certificate, and quarantine what is there now?");
}

/// Whether what was left comes back is the source's to say, which may offer something else by now.
std::string what_comes_next(Frame& frame, const Binding& binding, const ChainFacts& left) {
  constexpr std::string_view k_insist = "or you say so: trunkform apply -retry";
  auto sources = frame.session.sources();
  const auto offer = sources ? (*sources)->offer_for(frame.session.context(), binding) : nullptr;
  if (offer == nullptr || offer->chain == nullptr || offer->chain->identity.chain == left.identity.chain)
    return fmt::format("until the source offers another chain, {}", k_insist);
  return fmt::format(
      "unless the source offers it again and you say so: trunkform apply -retry\n"
      "The source offers another one by now, {}: see whether the next apply binds it: trunkform plan",
      certificate_line(*offer->chain, frame.world.clock.now()));
}

/// Other trunks are not left to find out: the next apply would pass them over.
std::string what_others_get(Frame& frame, const RecoveredState& state, const Binding& binding, const ChainFacts& left) {
  if (!state.snapshot) return {};
  const auto& bindings = frame.session.configuration().bindings;
  auto records = state.snapshot->document.resources;
  auto& record = records[binding.address];
  record.chain = std::make_shared<const ChainFacts>(left);
  const schedule::FailedChains failed(bindings, records, {binding.address});
  const auto kept = std::count_if(bindings.begin(), bindings.end(), [&](const Binding& other) {
    const auto found = records.find(other.address);
    const bool has_it = found != records.end() && found->second.is_live_as(left.identity);
    return other.address != binding.address && other.carrier->label == binding.carrier->label && !has_it &&
           failed.failures_elsewhere(other, left.identity.chain) > 0;
  });
  if (kept == 0) return {};
  return fmt::format(
      "Nor on {} other trunk{} of carrier {} that {} have it yet: what is wrong with it is likely to be "
      "wrong there too (rollout.max_failures).\n",
      kept, kept == 1 ? "" : "s", binding.carrier->label, kept == 1 ? "does not" : "do not");
}

ExitCode report(Frame& frame, const RecoveredState& state, const Binding& binding, const ChainFacts& left,
                const engine::RollbackResult& done) {
  if (done.phase == rollout::Phase::waiting) {
    frame.reporter.message("Stopped before the trunk's turn came; nothing was changed.");
    return frame.world.stop.stop_requested() ? ExitCode::interrupted : ExitCode::error;
  }
  const auto& served = done.result.verification.served;
  if (done.phase == rollout::Phase::rolled_back && served.verdict == CheckVerdict::fail)
    return frame.reporter.fail(earlier_fails(binding.address, served));
  if (done.phase == rollout::Phase::rolled_back) {
    frame.world.streams.out << "\nRolled back. What was there is not bound on this trunk again "
                            << what_comes_next(frame, binding, left) << '\n'
                            << what_others_get(frame, state, binding, left);
    return ExitCode::done;
  }
  return frame.reporter.fail(done.result.error.value_or(Error(ErrorCode::internal, done.result.message)));
}

Result<ExitCode> under_the_lock(Frame& frame, Alerting& alerting, engine::HeldLock& lock, const Address& address,
                                const Binding& binding) {
  auto& [world, arguments, session, reporter] = frame;
  auto* backend = TRY(session.backend());
  const auto writing = TRY(WritingRun::open(world, session, *backend, lock));
  auto& log = writing->log;
  auto state = TRY(recover_state(world, session, reporter, *backend, log));
  if (backend->pacing) TRY(backend->pacing->leave_what_died(session.context()));
  const auto* record = TRY(record_of(state, address));
  auto* api = TRY(session.api());
  const auto organisation = TRY(api->organisation(session.context()));
  TRY(check_organisation(state, organisation, address));
  if (binding.replace_compromised)
    return Error(ErrorCode::conflict, "replace_compromised: the earlier key must not come back",
                 "the binding says that the key before is known to others, which switches rollback off")
        .of(to_string(address))
        .at(binding.source)
        .hint("offer another certificate with a key of its own in the source, then run: trunkform apply")
        .hint("or, where the key is well after all, take replace_compromised away and run this again");
  auto* sources = TRY(session.sources());
  engine::KeyRing keys(*sources, world.clock);
  if (state.snapshot) keys.refuse(state.snapshot->document.revoked);
  // Before anybody is asked: what is shown is what can be bound.
  const auto earlier = TRY(engine::find_way_back(session.context(), keys, binding, *record, world.clock.now())).earlier;
  if (!TRY(is_approved(frame, *record, earlier))) {
    reporter.message("Rollback cancelled; nothing was changed.");
    return ExitCode::error;
  }
  views::ApplyView view(world.streams.out, reporter.out_style(),
                        world.streams.out_is == Terminal::yes ? views::LiveLine::on : views::LiveLine::off, world.clock,
                        world.streams.columns);
  log.add_sink(view);
  alerting.follow(log, organisation.id, {{to_string(address), record->trunk_name}});
  const engine::ServedJudge judge(*sources, world.clock);
  const auto& reason = arguments.value("reason");
  engine::RollbackInputs inputs{
      binding, *record, organisation.id, "rolled back by hand" + (reason.empty() ? std::string() : ": " + reason), {}};
  inputs.drive.stop = world.stop;
  inputs.drive.abandon = world.abandon;
  inputs.drive.lock_lost = lock.lost();
  inputs.drive.progress = [&view](const rollout::Rollout& machine) { view.on_progress(machine); };
  Context context;
  context.stop = world.abandon;
  const auto left = record->chain;
  const auto done = TRY(engine::roll_back(
      context,
      {*api, world.tls, world.sip, world.clock, keys, log, judge, backend->pacing.get(), backend->ownership.get()},
      inputs));
  view.close();
  if (done.phase != rollout::Phase::waiting && done.result.error)
    alerting.left_alone({{to_string(address), *done.result.error}});
  TRY(engine::commit_events({*backend->store, backend->ownership.get()}, lock.fence(), state.snapshot, state.lineage,
                            log, organisation, std::nullopt));
  return report(frame, state, binding, *left, done);
}

Result<ExitCode> rollback(Frame& frame) {
  const auto address = TRY(parse_address(frame.arguments.positionals().front()));
  if (!TRY(load_configuration(frame.session, frame.reporter))) return ExitCode::error;
  const auto* binding = TRY(binding_of(frame.session, address));
  Alerting alerting(frame.world, frame.session);
  for (const auto& warning : alerting.open()) frame.reporter.warn(warning);
  auto lock = TRY(lock_state(frame, "rollback"));
  auto code = under_the_lock(frame, alerting, lock, address, *binding);
  auto released = lock.release();
  // The lock is free again: nobody waits for slow receivers of alerts.
  for (const auto& warning : alerting.close()) frame.reporter.warn(warning);
  if (!code) return code;
  if (!released) return std::move(released.error());
  return code;
}

}  // namespace

Command rollback_command() {
  return {{"rollback"},
          "bind again what a trunk had before, and quarantine what it has now",
          "Goes to the newest earlier certificate that the state knows, that is still valid and that its source still "
          "has; checks keys and rules as ever, reads back, and looks at the port where the binding has verify.tls.\n"
          "It keeps the carrier's pace: where another trunk of it has just been changed, it says until when it waits.\n"
          "The chain that is left is not bound on this trunk again until it changes, or until `apply -retry`.",
          flags::join({{{"auto-approve", FlagKind::toggle, "do not ask"},
                        {"reason", FlagKind::value, "why, for the history", "TEXT"}},
                       {flags::lock_timeout(), flags::no_color(), flags::input()},
                       flags::variables()}),
          {{"ADDR", "the binding", 1, 1, 1}},
          framed(rollback)};
}

}  // namespace trunkform::cli
