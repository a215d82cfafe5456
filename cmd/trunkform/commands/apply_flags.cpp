#include "cmd/trunkform/commands/apply_flags.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/shared_flags.hpp"
#include "cmd/trunkform/usage.hpp"

namespace trunkform::cli {

Result<ApplyTiming> apply_timing(const Arguments& arguments, Instant now) {
  ApplyTiming timing;
  if (const auto& text = arguments.value("wait"); !text.empty())
    timing.wait = parse_duration(text).value_or(Duration());
  if (const auto& text = arguments.value("deadline"); !text.empty()) {
    const auto length = parse_duration(text);
    timing.deadline = length ? now + *length : parse_rfc3339(text);
    if (timing.deadline <= now)
      return usage_error(fmt::format("-deadline={} has passed", text))
          .hint("name a time that is to come, or a duration such as 90m");
  }
  return timing;
}

Result<> check_flags_of_plan_file(const Arguments& arguments) {
  if (arguments.positionals().empty()) return {};
  const auto refuse = [](const char* flag) {
    return usage_error(fmt::format("-{} does not go with a plan file", flag), "what was reviewed is what is done")
        .hint(fmt::format("review a plan with it: trunkform plan -{} … -out=FILE", flag));
  };
  for (const auto* flag : {"target", "exclude", "replace"})
    if (!arguments.list(flag).empty()) return refuse(flag);
  for (const auto* flag : {"ignore-window", "probe"})
    if (arguments.on(flag)) return refuse(flag);
  return {};
}

std::string command_again(const Arguments& arguments) {
  constexpr std::size_t k_readable = 3;
  std::string command = "trunkform apply";
  std::size_t words = 0;
  const auto add = [&](const std::string& word) {
    command += " " + word;
    ++words;
  };
  for (const auto* flag : {"target", "exclude"})
    for (const auto& address : arguments.list(flag)) add(fmt::format("-{}='{}'", flag, address));
  for (const auto* flag : {"retry", "ignore-window"})
    if (arguments.on(flag)) add(std::string("-") + flag);
  for (const auto& file : arguments.list("var-file")) add(fmt::format("-var-file='{}'", file));
  // Their values may be secret: they are not repeated.
  if (!arguments.list("var").empty()) add("-var …");
  if (!arguments.positionals().empty()) add(fmt::format("'{}'", arguments.positionals().front()));
  return words <= k_readable ? "`" + command + "`" : "`trunkform apply` with the same flags";
}

std::vector<Flag> apply_flags() {
  return flags::join({{{"auto-approve", FlagKind::toggle, "do not ask"},
                       {"reason", FlagKind::value, "why, for the history", "TEXT"},
                       {"wait",
                        FlagKind::value,
                        "wait up to so long for windows and other times to begin",
                        "DURATION",
                        {},
                        FlagForm::duration},
                       {"deadline",
                        FlagKind::value,
                        "start no trunk after it: so long from now, or a time",
                        "WHEN",
                        {},
                        FlagForm::moment},
                       {"retry", FlagKind::toggle, "bind quarantined certificates again"},
                       {"ignore-window", FlagKind::toggle, "do not wait for maintenance windows"},
                       {"probe", FlagKind::toggle, "ask every SIP TLS port what it serves"},
                       flags::parallelism("steps at a time"),
                       flags::lock(),
                       flags::lock_timeout(),
                       flags::json(),
                       flags::no_color(),
                       flags::input()},
                      flags::variables(),
                      flags::selection()});
}

}  // namespace trunkform::cli
