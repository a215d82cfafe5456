#include "cmd/trunkform/writing_run.hpp"

namespace trunkform::cli {

WritingRun::WritingRun(const World& world, state::Backend& backend, const engine::HeldLock& lock, Sequence last)
    : log(*backend.log, world.clock, lock.fence(), last,
          {world.random.uuid(), to_string(world.environment.actor()), {}}),
      m_logged(world.log) {
  if (world.log != nullptr) log.add_sink(m_logged);
}

Result<std::unique_ptr<WritingRun>> WritingRun::open(const World& world, const Session& session,
                                                     state::Backend& backend, const engine::HeldLock& lock) {
  const auto page = TRY(backend.log->read(session.context(), k_only_the_end));
  return std::unique_ptr<WritingRun>(new WritingRun(world, backend, lock, page.last));
}

}  // namespace trunkform::cli
