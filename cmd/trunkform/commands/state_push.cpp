#include <istream>
#include <iterator>
#include <ostream>

#include <fmt/format.h>

#include "cmd/engine/commit.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "schemas/codec/state_codec.hpp"
#include "state/document/ownership.hpp"

namespace trunkform::cli {
namespace {

Result<std::string> read_document(Frame& frame) {
  const auto& name = frame.arguments.positionals().front();
  if (name == "-") return std::string(std::istreambuf_iterator<char>(frame.world.streams.in), {});
  return frame.world.files.read(Path(name).is_absolute() ? Path(name) : frame.world.folder / name);
}

/// Terraform's two safeguards: the same lineage, and nothing newer is overwritten.
Result<> check(const StateDocument& pushed, const std::optional<Snapshot>& current) {
  if (!current) return {};
  if (pushed.lineage != current->token.lineage)
    return Error(ErrorCode::conflict, "this is another state",
                 fmt::format("its lineage is {}, the one here is {}", pushed.lineage, current->token.lineage))
        .hint("push it all the same: -force");
  if (pushed.serial < current->token.serial)
    return Error(ErrorCode::conflict, "this state is older than the one here",
                 fmt::format("serial {} would replace serial {}", pushed.serial, current->token.serial))
        .hint("push it all the same: -force");
  return {};
}

/// With -force also what cannot be read: pushing over it is how it is mended.
Result<std::optional<Snapshot>> what_is_replaced(Frame& frame, StateStore& store) {
  auto current = store.load(frame.session.context());
  if (!current && current.error().code == ErrorCode::corrupt && frame.arguments.on("force"))
    return std::optional<Snapshot>();
  return current;
}

Result<ExitCode> state_push(Frame& frame) {
  auto pushed = TRY(decode_state(TRY(read_document(frame))));
  TRY(state::check_owners(pushed));  // before the event says that it was pushed
  auto* backend = TRY(frame.session.backend());
  auto lock = TRY(lock_state(frame, "state push"));
  const auto current = TRY(what_is_replaced(frame, *backend->store));
  if (!frame.arguments.on("force")) TRY(check(pushed, current));
  if (pushed.organisation) {
    std::vector<TrunkId> trunks;
    trunks.reserve(pushed.resources.size());
    for (const auto& [address, record] : pushed.resources) trunks.push_back(record.trunk_id);
    if (auto claimed = claim_trunks(frame, lock.fence(), *pushed.organisation, trunks); !claimed) {
      engine::give_back_unrecorded(*backend->ownership, lock.fence(), current);
      return std::move(claimed.error());
    }
  }
  const auto page = TRY(backend->log->read(frame.session.context(), UINT64_MAX));
  engine::RunLog log(*backend->log, frame.world.clock, lock.fence(), page.last,
                     {frame.world.random.uuid(), to_string(frame.world.environment.actor()), {}});
  pushed.serial = std::max(pushed.serial, current ? current->token.serial : 0) + 1;
  TRY(log.append({StateReplaced{pushed.serial, "state push"}}));
  pushed.folded_through = log.last();
  pushed.open_intents.clear();
  const auto token = current ? current->token : StateToken{pushed.lineage, 0};
  TRY(backend->store->replace(frame.session.context(), lock.fence(), token, pushed));
  engine::give_back_unrecorded(*backend->ownership, lock.fence(), Snapshot{pushed, token});
  TRY(lock.release());
  frame.world.streams.out << fmt::format("Pushed: serial {}, {}.\n", pushed.serial,
                                         views::counted(pushed.resources.size(), "resource"));
  return ExitCode::done;
}

}  // namespace

Command state_push_command() {
  return {{"state", "push"},
          "replace the state document",
          "For repairs. Refuses another lineage and an older serial unless -force is given.",
          {{"force", FlagKind::toggle, "whatever is there"}, flags::lock_timeout()},
          {{"FILE", "a document as `trunkform state pull` prints it; - for standard input", 1, 1}},
          framed(state_push)};
}

}  // namespace trunkform::cli
