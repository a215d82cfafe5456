#include <algorithm>
#include <ostream>
#include <set>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/last_look.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/views/certificate_rows.hpp"
#include "cmd/trunkform/views/reason_text.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cli {
namespace {

Result<std::vector<EventBody>> forgets(Frame& frame, const std::optional<Snapshot>& state,
                                       const std::vector<Address>& targets, const LastLook& look) {
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
        frame.world.streams.out << to_string(address) << ": " << left_behind(record, look, frame.world.clock.now())
                                << '\n';
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
    if (bodies.size() == before) return not_in_state(target, engine::records_of(state));
  }
  return bodies;
}

/// What is lost sight of, and what stays where it is.
std::string left_in_store(const IssueRecord& record, Instant now) {
  auto text = record.address + ":";
  if (record.last)
    text += fmt::format(" its store keeps {}, which ends {};", to_short(record.last->chain->identity.leaf),
                        views::expiry_text(record.last->chain->leaf().not_after, now));
  if (!record.open) return text + " bindings read it from there as before";
  const auto& open = *record.open;
  text += fmt::format(" the request of {} is not gone on with",
                      to_rfc3339(std::chrono::floor<std::chrono::seconds>(open.since)));
  if (!open.order.empty())
    text += fmt::format(", and its order stays with the issuer: {}", views::escape_foreign(open.order));
  return text + fmt::format(
                    ". The key that was staged for it may still lie in the store, and keeps the next request from "
                    "beginning for a day; to remove it: trunkform issuer unstage {}",
                    shell_word(record.address));
}

Result<EventBody> forget_issue(Frame& frame, const std::optional<Snapshot>& state, const std::string& address) {
  const auto* record = TRY(recorded_issue(state, address));
  frame.world.streams.out << left_in_store(*record, frame.world.clock.now()) << '\n';
  return EventBody(IssueForgotten{address, "forgotten by hand"});
}

/// Before the lock is taken: nobody else has to wait for the service.
Result<LastLook> look_at(Frame& frame, const std::vector<Address>& targets) {
  const auto read = TRY(frame.session.read_state());
  if (!read.snapshot) return LastLook{};
  std::vector<TrunkId> trunks;
  for (const auto& [address, record] : read.snapshot->document.resources)
    if (std::any_of(targets.begin(), targets.end(),
                    [&at = address](const Address& target) { return is_within(at, target); }))
      trunks.push_back(record.trunk_id);
  return last_look(frame, trunks, read.snapshot->document.organisation);
}

Result<ExitCode> forget(Frame& frame) {
  std::vector<Address> targets;
  std::set<std::string> issues;
  for (const auto& text : frame.arguments.positionals())
    if (is_issue_address(text))
      issues.insert(text);
    else
      targets.push_back(TRY(parse_address(text)));
  const auto look = TRY(look_at(frame, targets));
  std::size_t forgotten = 0;
  TRY(change_state(frame, "forget",
                   [&](const std::optional<Snapshot>& state, const Fence&) -> Result<std::vector<EventBody>> {
                     auto bodies = TRY(forgets(frame, state, targets, look));
                     for (const auto& address : issues) bodies.push_back(TRY(forget_issue(frame, state, address)));
                     forgotten = bodies.size();
                     if (frame.arguments.on("dry-run")) bodies.clear();
                     return bodies;
                   }));
  frame.world.streams.out << (frame.arguments.on("dry-run") ? "Would forget " : "Forgot ") << forgotten << ".\n";
  return ExitCode::done;
}

constexpr const char* k_description =
    "Says what is on the trunk now, where the service can be asked within seconds; forgets all the same where not.";

std::vector<Flag> forget_flags() {
  return {{"dry-run", FlagKind::toggle, "only show it"},
          {"force", FlagKind::toggle, "even where lifecycle.prevent_destroy protects it"},
          flags::lock_timeout()};
}

}  // namespace

Command forget_command() {
  return {{"forget"},
          "take an address out of the state; its trunk or store keeps its certificate",
          k_description,
          forget_flags(),
          {{"ADDR", "what to forget", 1, k_unbounded, k_unbounded}},
          framed(forget)};
}

Command state_rm_command() {
  return {{"state", "rm"},
          "the same as `trunkform forget`",
          k_description,
          forget_flags(),
          {{"ADDR", "what to forget", 1, k_unbounded, k_unbounded}},
          framed(forget)};
}

}  // namespace trunkform::cli
