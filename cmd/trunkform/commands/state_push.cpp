#include <istream>
#include <iterator>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/state_replacement.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/codec/state_codec.hpp"
#include "state/document/ownership.hpp"

namespace trunkform::cli {
namespace {

Result<std::string> read_document(Frame& frame) {
  const auto& name = frame.arguments.positionals().front();
  if (name == "-") return std::string(std::istreambuf_iterator<char>(frame.world.streams.in), {});
  return frame.world.files.read(Path(name).is_absolute() ? Path(name) : frame.world.folder / name);
}

std::string shown(const std::string& name) { return name == "-" ? "standard input" : views::escape_foreign(name); }

/// The hints of a damaged document are about the one in use, which this one is not.
Result<StateDocument> read_pushed(Frame& frame) {
  const auto& name = frame.arguments.positionals().front();
  auto bytes = read_document(frame);
  if (!bytes)
    return std::move(bytes.error())
        .hint(
            "nothing was pushed, and the state in use was not touched; name a file that `trunkform state pull` wrote");
  auto document = decode_state(*bytes);
  // What a run could not write, it left encrypted beside the state.
  if (document && document->sealed) return TRY(frame.session.backend())->seal->open(std::move(*document));
  if (document) return document;
  const auto& flaw = document.error();
  const bool newer = flaw.code == ErrorCode::unsupported;
  auto error =
      Error(flaw.code,
            fmt::format("{} {}", shown(name),
                        newer ? "is a state document of a newer trunkform" : "is no state document that can be read"),
            fmt::format("{} Nothing was pushed; the state in use was not touched.",
                        flaw.detail.empty() ? flaw.summary + "." : flaw.detail + "."));
  if (newer) return std::move(error).hint("push it with the trunkform that wrote it");
  return std::move(error)
      .hint("correct the file, or begin again from the state in use: trunkform state pull >FILE")
      .hint("a whole document is one that `trunkform state pull` prints to its end, and nothing else");
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
  const auto pushed = TRY(read_pushed(frame));
  TRY(state::check_owners(pushed));  // before the event says that it was pushed
  auto* backend = TRY(frame.session.backend());
  auto lock = TRY(lock_state(frame, "state push"));
  const auto current = TRY(what_is_replaced(frame, *backend->store));
  if (!frame.arguments.on("force")) TRY(check(pushed, current));
  const auto serial = TRY(replace_state(frame, *backend, lock.fence(), current, pushed, "state push"));
  TRY(lock.release());
  frame.world.streams.out << fmt::format("Pushed: serial {}, {}.\n", serial,
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
