#include "cmd/trunkform/recovered_state.hpp"

#include <fmt/format.h>

#include "cmd/engine/gather.hpp"
#include "state/document/fold.hpp"

namespace trunkform::cli {

Result<RecoveredState> recover_state(World& world, Session& session, Reporter& reporter, state::LocalBackend& backend,
                                     engine::RunLog& log) {
  auto read = TRY(engine::read_state(session.context(), *backend.store, *backend.log));
  RecoveredState recovered;
  recovered.diagnostics = std::move(read.diagnostics);
  recovered.snapshot = std::move(read.snapshot);
  recovered.lineage = recovered.snapshot ? recovered.snapshot->token.lineage : world.random.uuid();
  if (read.open_intents.empty()) return recovered;
  const auto pinned = recovered.snapshot ? recovered.snapshot->document.organisation : std::nullopt;
  std::map<Address, VerifyPolicy> policies;
  for (const auto& binding : session.configuration().bindings) policies.emplace(binding.address, binding.verify);
  const auto resolved = TRY(engine::resolve_intents(session.context(), *TRY(session.api()), world.tls, world.sip,
                                                    world.clock, log, pinned, read.open_intents, policies));
  for (const auto& one : resolved) {
    if (one.rollback_due) recovered.rollbacks_due.emplace(one.address, *one.rollback_due);
    if (one.error)
      recovered.unresolved.emplace(one.address, *one.error);
    else
      reporter.message(fmt::format("{}: {} ({})", to_string(one.address), one.message, to_string(one.kind)));
  }
  if (!recovered.snapshot) recovered.snapshot.emplace(Snapshot{StateDocument{}, {recovered.lineage, 0}, false});
  recovered.snapshot->document = state::fold(std::move(recovered.snapshot->document), log.written());
  return recovered;
}

}  // namespace trunkform::cli
