#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/alerting.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/text_style.hpp"

namespace trunkform::cli {
namespace {

Result<AlertKind> kind_of(const Arguments& arguments) {
  const auto& word = arguments.value("kind");
  const auto kind = parse_alert_kind(word);
  if (!kind) {
    auto error = usage_error(fmt::format("-kind={} is no kind of alert", views::escape_foreign(word)),
                             fmt::format("there are {}", fmt::join(alert_kinds(), ", ")));
    const auto near = nearest(word, alert_kinds());
    return std::move(error).hint(near.empty() ? "for example -kind=overdue"
                                              : fmt::format("did you mean -kind={}?", near));
  }
  return *kind;
}

Result<Alert> test_alert(Frame& frame, AlertKind kind) {
  alerts::AlertScope scope;
  scope.organisation = "test";
  scope.service = "test";
  scope.workspace = TRY(frame.session.workspace());
  scope.run = frame.world.random.uuid();
  scope.actor = to_string(frame.world.environment.actor());
  auto alert = alerts::make_alert(scope, kind, AlertSeverity::info, {}, {},
                                  {"this is a test: nothing happened", "somebody tries out where alerts go",
                                   "nothing is to be done: it came from trunkform notify test"},
                                  frame.world.clock.now());
  alert.resolved = frame.arguments.on("resolved");
  return printable(std::move(alert));
}

/// The blocks that were named, or all.
Result<std::vector<const NotifyBlock*>> chosen(Frame& frame) {
  const auto& blocks = frame.session.configuration().notify;
  std::vector<const NotifyBlock*> result;
  std::vector<std::string> addresses;
  for (const auto& block : blocks) {
    addresses.push_back(block.address);
    if (frame.arguments.positionals().empty()) result.push_back(&block);
  }
  for (const auto& name : frame.arguments.positionals()) {
    const auto found =
        std::find_if(blocks.begin(), blocks.end(), [&](const auto& block) { return block.address == name; });
    if (found == blocks.end()) {
      Error error(ErrorCode::not_found,
                  fmt::format("there is no notify block {} in the configuration", views::escape_foreign(name)));
      if (const auto near = nearest(name, addresses); !near.empty())
        error.hints.push_back(fmt::format("did you mean {}?", near));
      return std::move(error).hint(addresses.empty() ? std::string("add one: docs/alerts.md has examples")
                                                     : fmt::format("there are {}", fmt::join(addresses, ", ")));
    }
    result.push_back(&*found);
  }
  if (result.empty())
    return Error(ErrorCode::not_found, "the configuration has no notify block")
        .hint("add one: docs/alerts.md has examples");
  return result;
}

Result<ExitCode> notify_test(Frame& frame) {
  const auto kind = TRY(kind_of(frame.arguments));
  if (!TRY(load_configuration(frame.session, frame.reporter))) return ExitCode::error;
  const auto alert = TRY(test_alert(frame, kind));
  auto code = ExitCode::done;
  for (const auto* block : TRY(chosen(frame))) {
    auto notifier = open_notifier(frame.world, frame.session, *block);
    const auto sent = notifier ? (*notifier)->send(frame.session.context(), alert) : Result<>(notifier.error());
    if (sent) {
      frame.world.streams.out << block->address << ": taken\n";
      continue;
    }
    auto error = sent.error();
    if (error.address.empty()) error.address = block->address;
    if (!error.source) error.source = block->source;
    code = combine(code, frame.reporter.fail(error));
  }
  return code;
}

}  // namespace

Command notify_test_command() {
  return {
      {"notify", "test"},
      "send a test alert by every notify block, or by those that are named",
      "One try each, without regard to `on`. Exit code: 0 when each place took it, else 1.",
      flags::join({{{"kind", FlagKind::value, "which kind of alert", "KIND", "failed"},
                    {"resolved", FlagKind::toggle, "the end of the problem: an incident that a test opened is closed"}},
                   {flags::no_color()},
                   flags::variables()}),
      {{"BLOCK", "such as notify.webhook.ops", 0, k_unbounded}},
      framed(notify_test)};
}

}  // namespace trunkform::cli
