#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/approval.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/kept_states.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/state_replacement.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "state/document/ownership.hpp"

namespace trunkform::cli {
namespace {

std::string line_of(const StateDocument& document) {
  return fmt::format("serial {}, {}", document.serial, views::counted(document.resources.size(), "resource"));
}

/// What is recorded otherwise than now, by address: who approves should see it before.
std::string differences(const StateDocument& earlier, const std::optional<Snapshot>& current) {
  std::string text;
  const auto add = [&](const Address& address, const std::string& what) {
    text += fmt::format("  {}: {}\n", to_string(address), what);
  };
  static const std::map<Address, ResourceRecord> k_none;
  const auto& now = current ? current->document.resources : k_none;
  for (const auto& [address, record] : earlier.resources) {
    const auto found = now.find(address);
    if (found == now.end())
      add(address, fmt::format("is recorded again, with {}", to_short(record.chain->identity.leaf)));
    else if (found->second.chain->identity != record.chain->identity)
      add(address, fmt::format("{} in place of {}", to_short(record.chain->identity.leaf),
                               to_short(found->second.chain->identity.leaf)));
  }
  for (const auto& [address, record] : now)
    if (!earlier.resources.contains(address)) add(address, "is not recorded any more");
  return text.empty() ? "  every trunk is recorded as it is now\n" : text;
}

Result<> check_lineage(const StateDocument& earlier, const std::optional<Snapshot>& current) {
  if (!current || current->token.lineage == earlier.lineage) return {};
  return Error(ErrorCode::conflict, "this version is of another state",
               fmt::format("its lineage is {}, the one here is {}", earlier.lineage, current->token.lineage))
      .hint("nothing was changed; a state of another lineage is put here with: trunkform state push -force FILE");
}

/// What cannot be read is what is to be mended.
Result<std::optional<Snapshot>> what_is_there(Frame& frame, StateStore& store) {
  auto current = store.load(frame.session.context());
  if (current || current.error().code != ErrorCode::corrupt) return current;
  frame.reporter.warn(current.error());
  return std::optional<Snapshot>();
}

Result<ExitCode> under_the_lock(Frame& frame, state::Backend& backend, engine::HeldLock& lock) {
  const auto& id = frame.arguments.positionals().front();
  const auto earlier = TRY(TRY(kept_states(frame))->read(frame.session.context(), id));
  TRY(state::check_owners(earlier));
  const auto current = TRY(what_is_there(frame, *backend.store));
  TRY(check_lineage(earlier, current));
  auto& out = frame.world.streams.out;
  out << fmt::format("now        {}\ngoes back  {}\n{}", current ? line_of(current->document) : "cannot be read",
                     line_of(earlier), differences(earlier, current));
  if (!frame.arguments.on("auto-approve") &&
      !TRY(ask_for_approval(frame.world, frame.reporter,
                            "Do you want the earlier state in place of the one in use? No trunk is touched."))) {
    frame.reporter.message("Restoring cancelled; nothing was changed.");
    return ExitCode::error;
  }
  const auto serial =
      TRY(replace_state(frame, backend, lock.fence(), current, earlier, fmt::format("state restore {}", id)));
  out << fmt::format("Restored: serial {} as it was, now serial {}. See what it makes of the trunks: trunkform plan\n",
                     earlier.serial, serial);
  return ExitCode::done;
}

Result<ExitCode> state_restore(Frame& frame) {
  TRY(kept_states(frame));  // before a lock is taken for nothing
  auto* backend = TRY(frame.session.backend());
  auto lock = TRY(lock_state(frame, "state restore"));
  auto code = under_the_lock(frame, *backend, lock);
  auto released = lock.release();
  if (!code) return code;
  if (!released) return std::move(released.error());
  return code;
}

}  // namespace

Command state_restore_command() {
  return {
      {"state", "restore"},
      "put an earlier state in place of the one in use",
      "For repairs: the state alone is written, no trunk is touched. The state that is replaced is kept as a version "
      "too.",
      {{"auto-approve", FlagKind::toggle, "do not ask"}, flags::lock_timeout(), flags::input()},
      {{"VERSION", "as `trunkform state versions` lists it", 1, 1}},
      framed(state_restore)};
}

}  // namespace trunkform::cli
