#include "state/remote/state_store.hpp"

#include <algorithm>
#include <utility>

#include "schemas/codec/state_codec.hpp"
#include "state/document/commit.hpp"

namespace trunkform::state {

Result<std::optional<Snapshot>> RemoteStateStore::load(const Context& context) {
  auto loaded = TRY(load_state(context, *m_state->engine));
  if (!loaded) return std::optional<Snapshot>();
  auto& document = loaded->document;
  if (document.lineage.empty()) {
    const std::scoped_lock guard(m_state->mutex);
    if (m_new_lineage.empty()) m_new_lineage = m_state->random.uuid();
    document.lineage = m_new_lineage;
  }
  StateToken token{document.lineage, document.serial};
  return std::optional(Snapshot{std::move(document), std::move(token), loaded->events_lost});
}

Result<StateToken> RemoteStateStore::commit(const Context& context, const Fence& fence, const StateToken& token,
                                            const StateDelta& delta) {
  const std::scoped_lock guard(m_state->mutex);
  TRY(m_state->check_fence(context, fence));
  auto& held = *m_state->held;
  TRY(check_token(held.stored ? &*held.stored : nullptr, token));
  const bool is_whole = !delta.folded_through || *delta.folded_through >= held.last;
  auto document =
      is_whole && held.ahead ? std::move(*std::exchange(held.ahead, std::nullopt)).take() : TRY(folded(context, delta));
  held.ahead.reset();
  auto next = TRY(committed(std::move(document), delta, token, held.last));
  auto written = write(context, std::move(next));
  if (written && is_whole) held.ahead.emplace(*held.stored);
  return written;
}

Result<StateDocument> RemoteStateStore::folded(const Context& context, const StateDelta& delta) const {
  const auto& held = *m_state->held;
  auto document = held.stored.value_or(StateDocument{});
  auto log = TRY(read_log(context, *m_state->engine, document.folded_through));
  const auto last = std::min(delta.folded_through.value_or(held.last), held.last);
  return fold(std::move(document), through(std::move(log.events), last));
}

Result<StateToken> RemoteStateStore::replace(const Context& context, const Fence& fence, const StateToken& token,
                                             const StateDocument& document) {
  const std::scoped_lock guard(m_state->mutex);
  TRY(m_state->check_fence(context, fence));
  TRY(check_pushed(document, token));
  auto& held = *m_state->held;
  // An unreadable document has no token to compare with: pushing over it is how it is mended.
  if (!held.is_unreadable) TRY(check_token(held.stored ? &*held.stored : nullptr, token));
  auto before = held.stored.value_or(StateDocument{});
  auto log = TRY(read_log(context, *m_state->engine, before.folded_through));
  held.ahead.reset();
  auto written = write(context, pushed(document, fold(std::move(before), log.events), std::max(log.last, held.last)));
  if (written) held.ahead.emplace(*held.stored);
  return written;
}

Result<StateToken> RemoteStateStore::write(const Context& context, StateDocument next) {
  auto& held = *m_state->held;
  auto& engine = *m_state->engine;
  const auto* before = held.stored ? &*held.stored : nullptr;
  auto written = until_known(
      context, m_state->clock, [&] { return engine.write(context, held.fence.lock_id, before, next); },
      [&]() -> Result<bool> {
        const auto found = TRY(engine.load(context));
        if (found && encode_state(*found) == encode_state(next)) return true;
        // Neither ours nor what was there: somebody else was first.
        TRY(check_token(found ? &*found : nullptr,
                        before != nullptr ? StateToken{before->lineage, before->serial} : StateToken{next.lineage, 0}));
        return false;
      });
  if (!written) {
    auto& cause = written.error();
    return m_state->fail(context,
                         Error(cause.code, "cannot write the state in " + engine.place())
                             .hint("what was done is in the event log: mend the cause, then run trunkform plan, which "
                                   "reads it")
                             .because(std::move(cause)));
  }
  held.is_unreadable = false;
  held.stored = std::move(next);
  return StateToken{held.stored->lineage, held.stored->serial};
}

}  // namespace trunkform::state
