#include "state/remote/epoch.hpp"

#include <algorithm>

#include "schemas/codec/digest.hpp"
#include "schemas/codec/event_codec.hpp"
#include "schemas/ports/event_log.hpp"
#include "state/document/commit.hpp"
#include "state/document/hash_chain.hpp"
#include "state/document/holder.hpp"

namespace trunkform::state {
namespace {

constexpr int k_attempts = 5;
constexpr Duration k_first_pause = std::chrono::milliseconds(200);

Error damaged(const Engine& engine, Sequence number, const std::string& why) {
  return Error(ErrorCode::corrupt, "the event log is damaged at event " + std::to_string(number),
               why + ", in " + engine.place())
      .hint("see what it recorded before: trunkform history")
      .hint("the trunks themselves are as they are: trunkform drift");
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    lines.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

Error fenced(const Engine& engine, std::string why) {
  return Error(ErrorCode::fenced, "this run no longer holds the lock of " + engine.place(), std::move(why))
      .hint("nothing more is written");
}

/// Takes the lines as the engine gave them, and checks each against the one before.
class Reading {
 public:
  explicit Reading(const Engine& engine) : m_engine(engine) {}

  Result<> take(Sequence number, const std::string& line, Sequence after) {
    auto event = decode_event(line);
    if (!event && event.error().code == ErrorCode::unsupported) return std::move(event.error());
    if (!event) return damaged(m_engine, number, event.error().detail);
    if (event->sequence != number) return damaged(m_engine, number, "it says of itself that it is another");
    const bool follows = m_log.last > 0;
    if (follows && event->previous != m_log.head)
      return damaged(m_engine, number, "it, or the one before it, was changed, or one between them is lost");
    const bool wanted = number > after;
    if (wanted && m_log.events.empty()) m_log.gap = number != (follows ? m_log.last : after) + 1;
    m_log.last = number;
    m_log.head = sha256(line);
    if (wanted) m_log.events.push_back(std::move(*event));
    return {};
  }

  ReadLog log() && { return std::move(m_log); }

 private:
  const Engine& m_engine;
  ReadLog m_log;
};

}  // namespace

/// Whoever has it, or nobody: what is certain is that this run has it no longer.
Error RemoteState::lost_lock(const Context& context) const {
  const auto found = engine->holder(context);
  const bool is_free = found && !*found;
  if (held && found && *found && (*found)->id == held->info.id)
    return Error(ErrorCode::fenced, "the state in " + engine->place() + " was written past the lock",
                 "this run has the lock, and something that does not ask for it wrote there")
        .hint("nothing more is written; see what it was, then: trunkform plan");
  return fenced(*engine, !found    ? "who has it now could not be asked: " + found.error().summary
                         : is_free ? "it ran out, or somebody broke it, and it is free now"
                                   : describe_holder(**found))
      .hint(found && *found ? "wait until that run is over, then: trunkform plan"
                            : "see where things stand: trunkform plan")
      .hint("a trunk that was in hand has an open intent: the next run looks at it first");
}

Result<> RemoteState::check_fence(const Context& context, const Fence& fence) const {
  if (!held) return fenced(*engine, "the lock was given back");
  if (held->fence.lock_id != fence.lock_id || held->fence.epoch != fence.epoch)
    return fenced(*engine, "another run opened epoch " + std::to_string(held->fence.epoch) + " after epoch " +
                               std::to_string(fence.epoch));
  if (broken && broken->code == ErrorCode::fenced) return *broken;
  if (held->lost.stop_requested()) return lost_lock(context);
  if (broken)
    return Error(ErrorCode::io, "nothing more is written: an earlier write failed",
                 "what " + engine->place() + " has is no longer known to this process")
        .hint("end this run and mend the cause; the next run reads what is durable and resumes from there")
        .because(*broken);
  return {};
}

Error RemoteState::fail(const Context& context, Error error) {
  if (error.code == ErrorCode::fenced) {
    if (held) held->lost.request_stop();
    error = lost_lock(context);
  }
  broken = error;
  return error;
}

Result<ReadLog> read_log(const Context& context, Engine& engine, Sequence after) {
  Reading reading(engine);
  EventBatch batch;
  // The one before is what the first wanted is chained to.
  if (after != k_only_the_end) batch = TRY(engine.events(context, after == 0 ? 0 : after - 1));
  if (batch.lines.empty())
    if (auto last = TRY(engine.last_event(context))) batch = std::move(*last);
  auto number = batch.first;
  for (const auto& line : batch.lines) TRY(reading.take(number++, line, after));
  return std::move(reading).log();
}

Result<std::optional<LoadedState>> load_state(const Context& context, Engine& engine) {
  auto document = TRY(engine.load(context));
  const bool written = document.has_value();
  auto base = std::move(document).value_or(StateDocument{});
  auto log = TRY(read_log(context, engine, base.folded_through));
  const bool lost = written && (log.gap || log.last < base.folded_through);
  auto folded = fold(std::move(base), log.events);
  if (!written && says_nothing(folded)) return std::optional<LoadedState>();
  return std::optional(LoadedState{std::move(folded), lost});
}

Result<> until_known(const Context& context, Clock& clock, const std::function<Result<>()>& write,
                     const std::function<Result<bool>()>& find_out) {
  auto pause = k_first_pause;
  auto written = write();
  for (int attempt = 1; !written && written.error().code == ErrorCode::outcome_unknown; ++attempt) {
    const auto was_done = find_out();
    if (was_done && *was_done) return {};
    if (!was_done && was_done.error().code != ErrorCode::unavailable) return was_done.error();
    if (attempt == k_attempts) break;
    TRY(clock.sleep(context, pause));
    pause *= 2;
    if (was_done) written = write();
  }
  return written;
}

Result<Sequence> append_events(const Context& context, RemoteState& state, HeldEpoch& held, std::span<Event> events) {
  if (events.empty()) return held.last;
  for (const auto& event : events) TRY(check_event(event));
  auto& engine = *state.engine;
  Fingerprint head = held.head;
  const EventBatch batch{held.last + 1, lines_of(chain_events(events, held.last + 1, head))};
  auto written = until_known(
      context, state.clock, [&] { return engine.append(context, held.fence.lock_id, batch); },
      [&]() -> Result<bool> {
        const auto found = TRY(engine.events(context, held.last));
        if (found.lines.empty()) return false;
        const auto same = found.first == batch.first && found.lines.size() >= batch.lines.size() &&
                          std::equal(batch.lines.begin(), batch.lines.end(), found.lines.begin());
        if (same) return true;
        return Error(ErrorCode::fenced, "event " + std::to_string(batch.first) + " was written by another run");
      });
  if (!written)
    return state.fail(context, Error(written.error().code, "cannot write the event log in " + engine.place(),
                                     "what was not recorded may not be done: the run stops here")
                                   .hint("mend the cause, then run the same command again: it resumes")
                                   .because(std::move(written.error())));
  held.head = head;
  held.last = events.back().sequence;
  if (held.ahead)
    for (const auto& event : events) held.ahead->add(event);
  return held.last;
}

}  // namespace trunkform::state
