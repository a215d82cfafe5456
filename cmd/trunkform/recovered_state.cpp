#include "cmd/trunkform/recovered_state.hpp"

#include <fmt/format.h>

#include "cmd/engine/gather.hpp"
#include "state/document/fold.hpp"

namespace trunkform::cli {

namespace {

class Recovery {
 public:
  Recovery(World& world, Session& session, Reporter& reporter, engine::RunLog& log, RecoveredState& state)
      : m_world(world), m_session(session), m_reporter(reporter), m_log(log), m_state(state) {
    if (state.snapshot) m_pinned = state.snapshot->document.organisation;
  }

  Result<> finish(const std::map<Address, Intent>& intents) {
    if (intents.empty()) return {};
    const engine::ServedJudge judge(*TRY(m_session.sources()), m_world.clock);
    const auto resolved = TRY(engine::resolve_intents(m_session.context(), *TRY(m_session.api()), wire(judge), m_log,
                                                      m_pinned, intents, m_session.configuration().bindings));
    for (const auto& one : resolved)
      if (one.kind == OutcomeKind::failed)
        m_state.failed.insert(one.address);
      else if (one.unverified)
        m_state.unverified.insert(one.address);
    take(resolved);
    fold();
    return {};
  }

  /// What this recovery has just judged is not looked at a second time; and an outcome would close a rollback that is
  /// still due.
  Result<> look_again() {
    if (!m_state.snapshot) return {};
    std::vector<const ResourceRecord*> failed;
    for (const auto& [address, record] : m_state.snapshot->document.resources)
      if (record.failure && !m_state.rollbacks_due.contains(address) &&
          !m_state.snapshot->document.open_intents.contains(address))
        failed.push_back(&record);
    if (failed.empty()) return {};
    const engine::ServedJudge judge(*TRY(m_session.sources()), m_world.clock);
    take(TRY(engine::look_again(m_session.context(), *TRY(m_session.api()), wire(judge), m_log, m_pinned, failed,
                                m_session.configuration().bindings, m_session.parallelism())));
    fold();
    return {};
  }

 private:
  World& m_world;
  Session& m_session;
  Reporter& m_reporter;
  engine::RunLog& m_log;
  RecoveredState& m_state;
  std::optional<Organisation> m_pinned;

  engine::Wire wire(const engine::ServedJudge& judge) const { return {m_world.tls, m_world.sip, m_world.clock, judge}; }

  void take(const std::vector<engine::Resolved>& resolved) {
    for (const auto& one : resolved) {
      if (one.rollback_due) m_state.rollbacks_due.emplace(one.address, *one.rollback_due);
      if (one.error)
        m_state.unresolved.emplace(one.address, *one.error);
      else
        m_reporter.message(fmt::format("{}: {} ({})", to_string(one.address), one.message, to_string(one.kind)));
    }
  }

  void fold() {
    if (!m_state.snapshot) m_state.snapshot.emplace(Snapshot{StateDocument{}, {m_state.lineage, 0}, false});
    m_state.snapshot->document = state::fold(std::move(m_state.snapshot->document), m_log.written());
  }
};

}  // namespace

Result<RecoveredState> recover_state(World& world, Session& session, Reporter& reporter, state::Backend& backend,
                                     engine::RunLog& log) {
  auto read = TRY(engine::read_state(session.context(), *backend.store, *backend.log));
  RecoveredState recovered;
  recovered.diagnostics = std::move(read.diagnostics);
  recovered.snapshot = std::move(read.snapshot);
  recovered.lineage = recovered.snapshot ? recovered.snapshot->token.lineage : world.random.uuid();
  Recovery recovery(world, session, reporter, log, recovered);
  TRY(recovery.finish(read.open_intents));
  TRY(recovery.look_again());
  return recovered;
}

}  // namespace trunkform::cli
