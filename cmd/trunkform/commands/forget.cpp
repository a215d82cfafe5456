#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/views/plan_text.hpp"

namespace trunkform::cli {
namespace {

Result<std::vector<EventBody>> forgets(Frame& frame, const std::optional<Snapshot>& state,
                                       const std::vector<Address>& targets) {
  std::vector<EventBody> bodies;
  for (const auto& target : targets) {
    const auto before = bodies.size();
    if (state)
      for (const auto& [address, record] : state->document.resources) {
        if (!is_within(address, target)) continue;
        if (record.prevent_destroy && !frame.arguments.on("force"))
          return Error(ErrorCode::conflict, fmt::format("{} has lifecycle.prevent_destroy", to_string(address)),
                       "it was applied with that protection, and forgetting would lose sight of its expiry")
              .hint("take prevent_destroy away and apply, or insist: -force");
        frame.world.streams.out << to_string(address) << ": trunk " << views::escape_foreign(record.trunk_name)
                                << " keeps its certificate, which ends "
                                << views::expiry_text(record.chain->least_not_after(), frame.world.clock.now()) << '\n';
        bodies.emplace_back(Forgotten{address, "forgotten by hand"});
      }
    // An interrupted first bind has an intent and no record yet.
    if (state)
      for (const auto& [address, sequence] : state->document.open_intents)
        if (is_within(address, target) && !state->document.resources.contains(address)) {
          frame.world.streams.out << to_string(address)
                                  << ": what an interrupted apply began there is forgotten; look at its trunk\n";
          bodies.emplace_back(Forgotten{address, "forgotten by hand"});
        }
    if (bodies.size() == before)
      return Error(ErrorCode::not_found, fmt::format("{} is not in the state", to_string(target)))
          .hint("trunkform state list shows what is");
  }
  return bodies;
}

Result<ExitCode> forget(Frame& frame) {
  std::vector<Address> targets;
  for (const auto& text : frame.arguments.positionals()) targets.push_back(TRY(parse_address(text)));
  std::size_t forgotten = 0;
  TRY(change_state(frame, "forget",
                   [&](const std::optional<Snapshot>& state, const Fence&) -> Result<std::vector<EventBody>> {
                     auto bodies = TRY(forgets(frame, state, targets));
                     forgotten = bodies.size();
                     if (frame.arguments.on("dry-run")) bodies.clear();
                     return bodies;
                   }));
  frame.world.streams.out << (frame.arguments.on("dry-run") ? "Would forget " : "Forgot ") << forgotten << ".\n";
  return ExitCode::done;
}

std::vector<Flag> forget_flags() {
  return {{"dry-run", FlagKind::toggle, "only show it"},
          {"force", FlagKind::toggle, "even where lifecycle.prevent_destroy protects it"},
          flags::lock_timeout()};
}

}  // namespace

Command forget_command() {
  return {{"forget"},     "take an address out of the state; its trunk keeps its certificate", {},
          forget_flags(), {{"ADDR", "what to forget", 1, k_unbounded, k_unbounded}},           framed(forget)};
}

Command state_rm_command() {
  return {{"state", "rm"},
          "the same as `trunkform forget`",
          {},
          forget_flags(),
          {{"ADDR", "what to forget", 1, k_unbounded, k_unbounded}},
          framed(forget)};
}

}  // namespace trunkform::cli
