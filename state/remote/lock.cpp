#include "state/remote/lock.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>

#include "state/document/commit.hpp"
#include "state/document/holder.hpp"

namespace trunkform::state {
namespace {

/// After a renewal that failed the next is tried this much sooner.
constexpr int k_sooner = 4;

/// Renews until it is stopped. Where the lock is another's, or no renewal succeeded for as long as the engine waits for
/// one, it counts as lost. By a steady clock: a wall clock that jumps loses nobody a lock.
void keep(const std::stop_token& stop, Engine& engine, const std::string& lock_id, std::stop_source& lost) {
  using Steady = std::chrono::steady_clock;
  std::mutex mutex;
  std::condition_variable_any wake;
  auto renewed = Steady::now();
  std::unique_lock guard(mutex);
  auto pause = engine.renewal();
  while (!wake.wait_for(guard, stop, pause, [&] { return stop.stop_requested(); })) {
    const auto asked = Steady::now();
    Context context;
    context.stop = stop;
    const auto done = engine.renew(context, lock_id);
    if (done) renewed = asked;
    pause = done ? engine.renewal() : engine.renewal() / k_sooner;
    const bool is_lost = !done && done.error().code == ErrorCode::fenced;
    if (!is_lost && Steady::now() + pause - renewed < engine.time_to_live()) continue;
    lost.request_stop();
    return;
  }
}

}  // namespace

/// An answer that was lost is asked for again: who has it under this id has it.
Result<> RemoteLock::take(const Context& context, const LockInfo& info) {
  auto& engine = *m_state->engine;
  auto taken = until_known(
      context, m_state->clock, [&] { return engine.take_lock(context, info); },
      [&]() -> Result<bool> {
        const auto found = TRY(engine.holder(context));
        return found && found->id == info.id;
      });
  if (taken || taken.error().code != ErrorCode::lock_held) return taken;
  const auto found = engine.holder(context);
  const bool is_known = found && *found;
  auto error = Error(ErrorCode::lock_held, "the state in " + engine.place() + " is locked",
                     is_known ? describe_holder(**found) : "the holder has not said who it is")
                   .hint("wait for it: -lock-timeout=5m");
  if (is_known)
    error.hints.push_back(engine.capabilities().ttl
                              ? "a run that died loses it by itself; at once: trunkform force-unlock " + (*found)->id
                              : "where that run is dead: trunkform force-unlock " + (*found)->id);
  return error;
}

Result<> RemoteLock::open_epoch(const Context& context, HeldEpoch& held) {
  auto& engine = *m_state->engine;
  // An unreadable document is `load`'s to report: `state push` must be able to lock and mend it.
  auto stored = engine.load(context);
  held.is_unreadable = !stored && stored.error().code == ErrorCode::corrupt;
  if (!stored && !held.is_unreadable) return std::move(stored.error());
  if (stored && *stored) held.stored = std::move(**stored);
  const Sequence known = held.stored ? held.stored->folded_through : 0;
  auto log = TRY(read_log(context, engine, known));
  held.head = log.head;
  // Where the log was lost or cut, its numbers go on after what the document has folded in.
  held.last = std::max(log.last, known);
  held.ahead.emplace(fold(held.stored.value_or(StateDocument{}), log.events));
  held.fence = {held.info.id, held.last + 1};
  held.info.epoch = held.fence.epoch;
  Event opened;
  opened.time = m_state->clock.now();
  opened.run = held.info.id;
  opened.actor = without_process(held.info.who);
  opened.body = EpochOpened{held.info.id, held.fence.epoch, 0};
  TRY(append_events(context, *m_state, held, std::span(&opened, 1)));
  return {};
}

Result<Lease> RemoteLock::acquire(const Context& context, const LockInfo& info) {
  const std::scoped_lock guard(m_state->mutex);
  if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped before the state was locked");
  auto& engine = *m_state->engine;
  auto held = std::make_shared<HeldEpoch>();
  held->info = info;
  if (held->info.id.empty()) held->info.id = m_state->random.uuid();
  if (held->info.path.empty()) held->info.path = engine.place();
  TRY(take(context, held->info));
  m_state->broken.reset();
  m_state->held = held;
  if (auto opened = open_epoch(context, *held); !opened) {
    m_state->held.reset();
    (void)engine.give_back(context, held->info.id);  // what failed is what is told
    return std::move(opened.error());
  }
  if (engine.renewal() > Duration::zero())
    held->keeper = std::jthread([&engine, id = held->info.id, &lost = held->lost](const std::stop_token& stop) {
      keep(stop, engine, id, lost);
    });
  return Lease{held->fence, held->lost.get_token(), held};
}

Result<> RemoteLock::release(const Context& context, Lease lease) {
  std::shared_ptr<HeldEpoch> held;
  {
    const std::scoped_lock guard(m_state->mutex);
    held = m_state->held;
    if (!held || held->fence.lock_id != lease.fence.lock_id || held->fence.epoch != lease.fence.epoch)
      return Error(ErrorCode::fenced, "this lock is not held any more");
    m_state->held.reset();
  }
  held->keeper = {};
  return m_state->engine->give_back(context, held->info.id);
}

Result<std::optional<LockInfo>> RemoteLock::holder(const Context& context) { return m_state->engine->holder(context); }

Result<> RemoteLock::break_lock(const Context& context, const std::string& lock_id) {
  auto broken = m_state->engine->break_lock(context, lock_id);
  if (broken || broken.error().code != ErrorCode::conflict) return broken;
  const auto found = m_state->engine->holder(context);
  if (!found || !*found) return broken;
  return Error(ErrorCode::conflict, "the lock has another id", describe_holder(**found))
      .hint("if that is the one: trunkform force-unlock " + (*found)->id);
}

}  // namespace trunkform::state
