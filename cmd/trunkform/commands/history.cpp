#include "state/document/history.hpp"

#include <algorithm>
#include <ostream>
#include <set>

#include <fmt/format.h>

#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/views/apply_view.hpp"
#include "schemas/codec/event_codec.hpp"

namespace trunkform::cli {
namespace {

/// Events that people do not ask for, unless they ask for everything. What a run probed before an outcome is told with
/// it; outside of a run it was recorded for people.
bool is_background(const Event& event) {
  if (const auto* probed = std::get_if<Probed>(&event.body))
    return !event.plan.empty() && probed->verification.settled.verdict == CheckVerdict::not_configured;
  return std::holds_alternative<EpochOpened>(event.body) || std::holds_alternative<ReadBack>(event.body);
}

std::string words_of(const Event& event, const views::TextStyle& style) {
  if (const auto* started = std::get_if<RunStarted>(&event.body))
    return fmt::format("{} started, {} to write{}", started->command, started->planned,
                       started->reason.empty() ? "" : ": " + views::escape_foreign(started->reason));
  if (const auto* finished = std::get_if<RunFinished>(&event.body))
    return fmt::format("run finished: {} changed, {} failed, {} deferred{}", finished->changed, finished->failed,
                       finished->deferred, finished->stopped ? ", stopped" : "");
  if (const auto* replaced = std::get_if<StateReplaced>(&event.body))
    return fmt::format("state replaced by serial {}{}", replaced->serial,
                       replaced->why.empty() ? "" : ": " + views::escape_foreign(replaced->why));
  if (const auto* broken = std::get_if<LockBroken>(&event.body))
    return fmt::format("lock broken{}",
                       broken->holder.empty() ? "" : ", which was held by " + views::escape_foreign(broken->holder));
  auto text = views::event_text(event, style);
  if (!text.empty()) return text;
  const auto* address = address_of(event.body);
  return (address ? views::escape_foreign(to_string(*address)) + ": " : std::string()) +
         std::string(kind_of(event.body));
}

std::string line_of(const Event& event, const views::TextStyle& style) {
  return fmt::format("{} {} {} {}", style.faint(to_rfc3339(std::chrono::floor<std::chrono::seconds>(event.time))),
                     views::escape_foreign(event.actor), event.plan.empty() ? "-" : "plan " + event.plan.substr(0, 8),
                     words_of(event, style));
}

std::vector<Address> addresses_of(const std::vector<Event>& events) {
  std::set<Address> known;
  for (const auto& event : events) {
    if (const auto* address = address_of(event.body)) known.insert(*address);
    if (const auto* moved = std::get_if<Moved>(&event.body)) known.insert(moved->from);
  }
  return {known.begin(), known.end()};
}

Result<std::vector<Event>> concerning(const std::vector<Event>& events, const std::string& text) {
  constexpr auto* k_hint = "trunkform history shows all events with their addresses";
  if (is_issue_address(text)) {
    auto found = state::events_of(events, text);
    if (!found.empty()) return found;
    std::set<std::string> known;
    for (const auto& event : events)
      if (const auto* about = issue_of(event.body)) known.insert(*about);
    return unknown_issue(text, {known.begin(), known.end()}, "has no event").hint(k_hint);
  }
  const auto address = TRY(parse_address(text));
  auto found = state::events_of(events, address);
  if (found.empty()) return unknown_address(address, addresses_of(events), "has no event").hint(k_hint);
  return found;
}

Result<ExitCode> history(Frame& frame) {
  auto* backend = TRY(frame.session.backend());
  auto events = TRY(backend->log->read(frame.session.context(), 0)).events;
  if (const auto& wanted = frame.arguments.positionals(); !wanted.empty())
    events = TRY(concerning(events, wanted.front()));
  const auto state = backend->store->load(frame.session.context());
  const bool lost = state && *state && (*state)->events_lost;
  if (lost)
    frame.reporter.warn(
        Error(ErrorCode::corrupt, "a part of the event log is missing: the file was removed or cut",
              "what was done before cannot be shown; what is bound now, and what was before, the state knows")
            .hint("see the state: trunkform show")
            .hint("put the log back from a backup, if there is one, before the next apply"));
  const bool nothing_happened = events.empty() && !lost;
  if (!frame.arguments.on("all")) std::erase_if(events, is_background);
  std::size_t limit = events.size();
  if (const auto& text = frame.arguments.value("limit"); !text.empty()) limit = std::stoul(text);
  for (std::size_t i = events.size() - std::min(limit, events.size()); i < events.size(); ++i)
    frame.world.streams.out << (frame.arguments.on("json") ? encode_event(events[i])
                                                           : line_of(events[i], frame.reporter.out_style()))
                            << '\n';
  if (nothing_happened) frame.reporter.message("Nothing has happened yet.");
  return ExitCode::done;
}

}  // namespace

Command history_command() {
  return {{"history"},
          "who changed what, when, by which plan, with what outcome",
          "Reads the event log; takes no lock.",
          {{"limit", FlagKind::value, "only the last N", "N", {}, FlagForm::number, 1},
           {"all", FlagKind::toggle, "also what is of interest to trunkform alone"},
           flags::json(),
           flags::no_color()},
          {{"ADDR", "only this address and its instances, under their earlier names too", 0, 1, 1}},
          framed(history)};
}

}  // namespace trunkform::cli
