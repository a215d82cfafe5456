#include "cmd/trunkform/state_rewrite.hpp"

#include "cmd/engine/run_log.hpp"

namespace trunkform::cli {

Result<StateToken> rewrite_state(Frame& frame, state::Backend& backend, const Fence& fence, const std::string& why,
                                 const std::function<Result<>()>& before_writing) {
  const auto context = frame.session.context();
  auto current = TRY(backend.store->load(context));
  const auto page = TRY(backend.log->read(context, UINT64_MAX));
  // Events alone, such as a plan that was saved leaves, need a document beside them that says up to where they are in
  // the clear.
  StateDocument document;
  StateToken token{frame.world.random.uuid(), 0};
  if (current) {
    document = std::move(current->document);
    token = current->token;
  }
  document.lineage = token.lineage;
  document.serial = token.serial + 1;
  engine::RunLog log(*backend.log, frame.world.clock, fence, page.last,
                     {frame.world.random.uuid(), to_string(frame.world.environment.actor()), {}});
  // Before the new key: were it lost, nobody could read the event.
  TRY(log.append({StateReplaced{document.serial, why}}));
  document.folded_through = log.last();
  document.open_intents.clear();  // the backend knows them by the log
  if (before_writing) TRY(before_writing());
  auto written = TRY(backend.store->replace(context, fence, token, document));
  TRY(backend.reseal(context));
  return written;
}

Result<std::vector<std::string>> encrypt_states(Frame& frame, const language::BackendSettings& settings) {
  const auto context = frame.session.context();
  std::vector<std::string> encrypted;
  const auto root = TRY(frame.session.open_backend(settings, k_default_workspace));
  for (const auto& name : TRY(root.workspaces->list(context))) {
    auto backend = TRY(frame.session.open_backend(settings, name));
    if (!backend.seal->encrypts()) return encrypted;
    TRY(backend.store->load(context));
    TRY(backend.log->read(context, 0));
    if (!backend.seal->saw_plain()) continue;
    engine::LockRequest request;
    request.operation = "init -migrate-state";
    request.path = std::filesystem::absolute(frame.world.folder).lexically_normal().string();
    auto lock = TRY(engine::take_lock(context, *backend.lock, frame.world.clock, frame.world.random,
                                      frame.world.environment.actor(), request));
    TRY(rewrite_state(frame, backend, lock.fence(), "init -migrate-state: encrypted"));
    TRY(lock.release());
    encrypted.push_back(name);
  }
  return encrypted;
}

}  // namespace trunkform::cli
