#include "cmd/trunkform/state_change.hpp"

#include <fmt/format.h>

#include "cmd/engine/commit.hpp"
#include "cmd/trunkform/writing_run.hpp"
#include "state/document/ownership.hpp"

namespace trunkform::cli {

namespace {

/// For LockRequest::on_wait: told as any other wait.
std::function<void(const std::string&, Instant)> lock_notice(const World& world) {
  if (!world.tell_wait) return {};
  return [tell = world.tell_wait](const std::string& holder, Instant until) { tell("the lock: " + holder, until); };
}

Result<> commit_what_happened(Frame& frame, const engine::HeldLock& lock, const std::optional<Snapshot>& state,
                              engine::RunLog& log, const std::optional<Organisation>& pinned) {
  auto* backend = TRY(frame.session.backend());
  const auto lineage = state ? state->token.lineage : frame.world.random.uuid();
  TRY(engine::commit_events({*backend->store, backend->ownership.get()}, lock.fence(), state, lineage, log, pinned,
                            std::nullopt));
  return {};
}

}  // namespace

Result<engine::HeldLock> lock_state(Frame& frame, const std::string& operation) {
  auto* backend = TRY(frame.session.backend());
  engine::LockRequest request;
  request.operation = operation;
  request.path = std::filesystem::absolute(frame.world.folder).lexically_normal().string();
  if (frame.arguments.m_flags.contains("lock-timeout"))
    request.timeout = parse_duration(frame.arguments.value("lock-timeout")).value_or(Duration());
  if (const auto found = frame.arguments.m_flags.find("reason"); found != frame.arguments.m_flags.end())
    if (!found->second.empty()) request.reason = found->second.back();
  request.on_wait = lock_notice(frame.world);
  auto lock = TRY(engine::take_lock(frame.session.context(), *backend->lock, frame.world.clock, frame.world.random,
                                    frame.world.environment.actor(), request));
  frame.session.took_lock();
  return lock;
}

Result<> claim_trunks(Frame& frame, const Fence& fence, const Organisation& organisation,
                      std::span<const TrunkId> trunks) {
  std::vector<TrunkKey> keys;
  keys.reserve(trunks.size());
  for (const auto& trunk : trunks) keys.push_back({organisation.id, trunk});
  const auto* backend = TRY(frame.session.backend());
  if (backend->ownership) {
    const auto refused = TRY(backend->ownership->claim(frame.session.context(), fence, keys));
    if (!refused.empty()) return state::owned_by_workspace(refused.front().key.trunk, refused.front().owner);
  }
  // What another state records counts as well where no claims are kept, or they were lost since.
  return refuse_owned(frame, organisation, trunks);
}

Result<> refuse_owned(Frame& frame, const Organisation& organisation, std::span<const TrunkId> trunks) {
  const auto owners = TRY(frame.session.owned_elsewhere(organisation));
  for (const auto& trunk : trunks)
    if (const auto owner = owners.find(trunk); owner != owners.end())
      return Error(ErrorCode::conflict, fmt::format("trunk {} belongs to another state", trunk.value),
                   fmt::format("it is bound by {}, and two states would undo each other", to_string(owner->second)))
          .hint("forget it there first: " + forget_command(owner->second))
          .hint("or remove the binding here");
  return {};
}

Result<> change_state(Frame& frame, const std::string& operation, const StateChange& change,
                      const std::function<Result<std::optional<Organisation>>()>& organisation) {
  auto* backend = TRY(frame.session.backend());
  auto lock = TRY(lock_state(frame, operation));
  const auto state = TRY(backend->store->load(frame.session.context()));
  auto bodies = TRY(change(state, lock.fence()));
  if (bodies.empty()) return lock.release();
  std::optional<Organisation> pinned;
  if (organisation) pinned = TRY(organisation());
  const auto writing = TRY(WritingRun::open(frame.world, frame.session, *backend, lock));
  auto& log = writing->log;
  TRY(log.append(std::move(bodies)));
  TRY(commit_what_happened(frame, lock, state, log, pinned));
  return lock.release();
}

Result<> change_state_in_steps(Frame& frame, const std::string& operation, const StateSteps& steps) {
  auto* backend = TRY(frame.session.backend());
  auto lock = TRY(lock_state(frame, operation));
  const auto state = TRY(backend->store->load(frame.session.context()));
  const auto writing = TRY(WritingRun::open(frame.world, frame.session, *backend, lock));
  const auto before = writing->log.last();
  auto done = steps(state, writing->log);
  if (writing->log.last() != before) {
    auto kept = commit_what_happened(frame, lock, state, writing->log, std::nullopt);
    if (done) done = std::move(kept);
  }
  auto released = lock.release();
  return done ? std::move(released) : std::move(done);
}

}  // namespace trunkform::cli
