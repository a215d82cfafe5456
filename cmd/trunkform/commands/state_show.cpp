#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "cmd/engine/locking.hpp"
#include "cmd/engine/records.hpp"
#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/views/issue_text.hpp"
#include "cmd/trunkform/views/record_text.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> show_issue(Frame& frame, const std::string& address) {
  const auto read = TRY(frame.session.read_state());
  const auto* issue = TRY(recorded_issue(read.snapshot, address));
  frame.world.streams.out << views::issue_record_text(*issue, frame.reporter.out_style(), frame.world.clock.now());
  return ExitCode::done;
}

Result<ExitCode> state_show(Frame& frame) {
  if (const auto& text = frame.arguments.positionals().front(); is_issue_address(text)) return show_issue(frame, text);
  const auto address = TRY(parse_address(frame.arguments.positionals().front()));
  const auto read = TRY(frame.session.read_state());
  const auto& records = engine::records_of(read.snapshot);
  const auto& style = frame.reporter.out_style();
  const auto now = frame.world.clock.now();
  const auto at_work = read.running ? engine::who_runs(*read.running) : std::string();
  std::map<Address, std::string> texts;
  for (const auto& [at, record] : records)
    if (is_within(at, address)) texts[at] = views::record_text(record, style, now);
  // Of a first bind that was cut short there is an intent and no record.
  for (const auto& [at, intent] : read.open_intents)
    if (is_within(at, address)) {
      const auto record = records.find(at);
      texts[at] +=
          views::unfinished_text(intent, record == records.end() ? nullptr : &record->second, at_work, style, now);
    }
  if (texts.empty()) return not_in_state(address, records);
  const auto* between = "";
  for (const auto& [at, text] : texts) frame.world.streams.out << std::exchange(between, "\n") << text;
  return ExitCode::done;
}

}  // namespace

Command state_show_command() {
  return {{"state", "show"},
          "what the state knows of one address, or of all its instances",
          {},
          {flags::no_color()},
          {{"ADDR", "the address", 1, 1, 1}},
          framed(state_show)};
}

}  // namespace trunkform::cli
