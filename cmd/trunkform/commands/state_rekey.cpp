#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/state_rewrite.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> state_rekey(Frame& frame) {
  auto* backend = TRY(frame.session.backend());
  if (!backend->seal->encrypts())
    return Error(ErrorCode::invalid_input, "the configuration has no key for the state",
                 "trunkform.state_encryption is missing")
        .hint("write the block, then encrypt the state: trunkform init -migrate-state");
  const auto fresh = frame.arguments.on("new-data-key") ? state::DataKeys::Fresh::yes : state::DataKeys::Fresh::no;
  if (!TRY(backend->store->load(frame.session.context()))) {
    frame.reporter.message("There is no state yet: what is written first is under the key of the configuration.");
    return ExitCode::done;
  }
  auto lock = TRY(lock_state(frame, "state rekey"));
  const auto written = TRY(rewrite_state(frame, *backend, lock.fence(), "state rekey",
                                         [&]() -> Result<> { return backend->seal->rekey(fresh); }));
  TRY(lock.release());
  frame.world.streams.out << fmt::format(
      "Wrapped anew by the key of the configuration{}: serial {}.\n"
      "What is kept of earlier states, such as the backup beside a local one, is still under the earlier key.\n",
      fresh == state::DataKeys::Fresh::yes ? ", with a new data key" : "", written.serial);
  const auto own = TRY(frame.session.workspace());
  for (const auto& name : TRY(backend->workspaces->list(frame.session.context())))
    if (name != own)
      frame.world.streams.out << fmt::format(
          "Workspace {} is another state: TRUNKFORM_WORKSPACE={} trunkform state rekey\n", name, name);
  return ExitCode::done;
}

}  // namespace

Command state_rekey_command() {
  return {{"state", "rekey"},
          "wrap the keys of an encrypted state anew",
          "By the key that the configuration has now. Until then the one before must be in "
          "trunkform.state_encryption.previous.\nEvents that were written before stay as they are: the keys that open "
          "them are wrapped anew, too.",
          {{"new-data-key", FlagKind::toggle, "encrypt with another data key from now on: where the one before leaked"},
           flags::lock_timeout()},
          {},
          framed(state_rekey)};
}

}  // namespace trunkform::cli
