#include <ostream>
#include <set>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cli {
namespace {

/// Two records cannot have one address: all but the last would be lost.
Error several_into_one(const Snapshot& state, const Address& from, const Address& to) {
  std::vector<std::string> instances;
  for (const auto& [address, record] : state.document.resources)
    if (is_within(address, from)) instances.push_back(to_string(address));
  auto whole = to;
  whole.key = {};
  return Error(ErrorCode::conflict,
               fmt::format("{} instances of {} cannot all become {}", instances.size(), to_string(from), to_string(to)),
               fmt::format("in the state there are {}", fmt::join(instances, ", ")))
      .hint(fmt::format("move one: trunkform state mv {} {}", shell_quoted(instances.front()), shell_quoted(to)))
      .hint(fmt::format("or all, each keeping its key: trunkform state mv {} {}", shell_quoted(from),
                        shell_quoted(whole)));
}

/// `mv a b` moves a resource with all its instances, `mv 'a["x"]' b` one.
Result<std::vector<EventBody>> moves(const std::optional<Snapshot>& state, const Address& from, const Address& to) {
  std::vector<EventBody> bodies;
  std::set<Address> taken;
  if (state)
    for (const auto& [address, record] : state->document.resources) {
      if (!is_within(address, from)) continue;
      auto target = to;
      if (std::holds_alternative<std::monostate>(from.key) && std::holds_alternative<std::monostate>(to.key))
        target.key = address.key;
      if (state->document.resources.contains(target))
        return Error(ErrorCode::conflict, fmt::format("{} is in the state already", to_string(target)))
            .hint("move or forget that one first");
      if (!taken.insert(target).second) return several_into_one(*state, from, to);
      bodies.emplace_back(Moved{address, target});
    }
  if (bodies.empty()) return not_in_state(from, engine::records_of(state));
  return bodies;
}

/// The record of a `certificate.issued`, with the request that is perhaps open: its staged key knows no address.
Result<std::vector<EventBody>> moves(const std::optional<Snapshot>& state, const std::string& from,
                                     const std::string& to) {
  TRY(recorded_issue(state, from));
  if (recorded_issue(state, to))
    return Error(ErrorCode::conflict, fmt::format("{} is in the state already", to))
        .hint("move or forget that one first");
  return std::vector<EventBody>{IssueMoved{from, to}};
}

template <class Named, class Text>
Result<ExitCode> move_all(Frame& frame, const Named& from, const Named& to, const Text& line) {
  std::size_t moved = 0;
  TRY(change_state(frame, "state mv",
                   [&](const std::optional<Snapshot>& state, const Fence&) -> Result<std::vector<EventBody>> {
                     auto bodies = TRY(moves(state, from, to));
                     moved = bodies.size();
                     for (const auto& body : bodies) frame.world.streams.out << line(body) << '\n';
                     if (frame.arguments.on("dry-run")) bodies.clear();
                     return bodies;
                   }));
  frame.world.streams.out << (frame.arguments.on("dry-run") ? "Would move " : "Moved ") << moved << ".\n";
  return ExitCode::done;
}

Result<ExitCode> state_mv(Frame& frame) {
  const auto& words = frame.arguments.positionals();
  const auto from = TRY(parse_address(words[0]));
  const auto to = TRY(parse_address(words[1]));
  if (from.type != to.type)
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} cannot become {}: the type before the dot stays the same", words[0], words[1]))
        .hint(fmt::format("write the new name with the type of the old one, as in: {}.NAME; the addresses that there "
                          "are: trunkform state list",
                          from.type));
  if (is_issue_address(words[0]) && !std::holds_alternative<std::monostate>(to.key))
    return Error(ErrorCode::invalid_input, fmt::format("{} is no address of a certificate.issued block", words[1]),
                 "such a block has no instances")
        .hint("write it without the brackets: certificate.issued.NAME");
  if (is_issue_address(words[0]))
    return move_all(frame, words[0], words[1], [](const EventBody& body) {
      const auto& moved = std::get<IssueMoved>(body);
      return moved.from + " → " + moved.to;
    });
  return move_all(frame, from, to, [](const EventBody& body) {
    const auto& moved = std::get<Moved>(body);
    return to_string(moved.from) + " → " + to_string(moved.to);
  });
}

}  // namespace

Command state_mv_command() {
  return {
      {"state", "mv"},
      "give what the state has another address",
      "For bindings, and certificate.issued blocks, that were renamed in the configuration; no trunk and no store is "
      "touched.",
      {{"dry-run", FlagKind::toggle, "only show it"}, flags::lock_timeout()},
      {{"ADDR", "the old and the new address", 2, 2, 2}},
      framed(state_mv)};
}

}  // namespace trunkform::cli
