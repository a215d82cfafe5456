#include "cmd/trunkform/backend_move.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/engine/locking.hpp"
#include "cmd/trunkform/backend_record.hpp"
#include "cmd/trunkform/state_rewrite.hpp"
#include "schemas/codec/state_codec.hpp"

namespace trunkform::cli {
namespace {

class Migration {
 public:
  Migration(Frame& frame, const language::BackendSettings& from, const language::BackendSettings& to)
      : m_frame(frame), m_from(from), m_to(to) {}

  Result<std::vector<CopiedWorkspace>> run() {
    const auto context = m_frame.session.context();
    std::vector<CopiedWorkspace> copied;
    const auto root = TRY(m_frame.session.open_source(m_from, k_default_workspace));
    const auto target = TRY(m_frame.session.open_backend(m_to, k_default_workspace));
    const auto there = TRY(target.workspaces->list(context));
    for (const auto& name : TRY(root.workspaces->list(context))) {
      if (std::find(there.begin(), there.end(), name) == there.end()) TRY(target.workspaces->create(context, name));
      const auto of_this = TRY(copy(name));
      copied.push_back({name, of_this});
    }
    return copied;
  }

 private:
  Frame& m_frame;
  const language::BackendSettings& m_from;
  const language::BackendSettings& m_to;

  Result<state::CopiedState> copy(const std::string& workspace) {
    auto from = TRY(m_frame.session.open_source(m_from, workspace));
    auto to = TRY(m_frame.session.open_backend(m_to, workspace));
    // Where there is nothing a lock would only leave traces.
    const auto source = TRY(from.store->load(m_frame.session.context()));
    if (!source) return state::CopiedState{};
    // The same place under another name cannot be locked twice.
    const auto there = TRY(to.store->load(m_frame.session.context()));
    if (there && encode_state(there->document) == encode_state(source->document))
      return state::CopiedState{state::CopiedState::How::was_copied, there->token.serial,
                                there->document.resources.size(), 0};
    const auto old_lock = TRY(lock(from));
    const auto new_lock = TRY(lock(to));
    return state::copy_state(m_frame.session.context(), from, to, new_lock.fence(),
                             {m_frame.world.clock, m_frame.world.random.uuid(), m_frame.world.environment.actor()});
  }

  Result<engine::HeldLock> lock(state::Backend& backend) {
    engine::LockRequest request;
    request.operation = "init -migrate-state";
    request.path = std::filesystem::absolute(m_frame.world.folder).lexically_normal().string();
    return engine::take_lock(m_frame.session.context(), *backend.lock, m_frame.world.clock, m_frame.world.random,
                             m_frame.world.environment.actor(), request);
  }
};

}  // namespace

Result<BackendMove> settle_backend(Frame& frame, std::map<std::string, std::string> given) {
  auto& files = frame.world.files;
  const auto& folder = frame.world.folder;
  const auto record = TRY(read_backend_record(files, folder));
  auto settings = TRY(frame.session.configured_backend());
  // What was given once counts until something else is.
  if (given.empty() && record && record->type == settings.type) given = record->given;
  settings = TRY(with_given(std::move(settings), given));
  const auto was = left_behind(settings, record, TRY(frame.session.has_local_state()));
  const bool migrates = frame.arguments.on("migrate-state");
  if (was && !migrates && !frame.arguments.on("reconfigure")) return moved_backend(*was, settings);
  frame.session.use_backend(settings);
  if (migrates) frame.session.accept_plain_state();

  BackendMove move;
  if (was) move.from = describe_backend(*was);
  TRY(frame.session.prepare_backend());
  if (was && migrates) move.copied = TRY(Migration(frame, *was, settings).run());
  if (migrates) move.encrypted = TRY(encrypt_states(frame, settings));
  // Files where a state is without being told to be elsewhere need no note of it.
  const bool is_noted = settings.type != "local" || !given.empty() || record || was;
  move.wrote = is_noted || !move.encrypted.empty();
  if (is_noted) TRY(write_backend_record(files, folder, {settings.type, settings.arguments, given}));
  return move;
}

}  // namespace trunkform::cli
