#include "cmd/trunkform/habits.hpp"

#include <string_view>

#include <fmt/format.h>

namespace trunkform::cli {
namespace {

struct Habit {
  std::string_view word;
  std::string_view why;
  std::string_view hint;
};

constexpr Habit k_commands[] = {
    {"taint", "nothing is marked ahead of a run: a run is told what to bind again, and remembers it until it is done",
     "bind what its source offers, even if nothing calls for it: trunkform apply -replace='ADDR'; the certificate that "
     "is live already is not sent again"},
    {"refresh", "every plan reads what is live, and a plan writes nothing into the state",
     "see what changed outside: trunkform drift, or trunkform plan -refresh-only"},
    {"get", "there are no modules to download", "see whether this folder is ready: trunkform init"},
    {"modules", "there are no modules", "see whether the configuration is good: trunkform validate"},
    {"providers", "providers are part of the program: nothing is downloaded, locked or mirrored",
     "see the version: trunkform version; and what the configuration uses: trunkform init"},
    {"test", "there are no test files",
     "try it without touching a trunk: trunkform validate, trunkform plan, trunkform forecast"},
    {"login", "nobody logs in: credentials come from the environment or a trusted secret",
     "set GENESYSCLOUD_REGION, GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET, then: trunkform plan"},
    {"logout", "nobody is logged in: credentials come from the environment and are kept nowhere",
     "take them out of the environment: unset GENESYSCLOUD_OAUTHCLIENT_SECRET GENESYSCLOUD_ACCESS_TOKEN"},
    {"graph", "trunks depend on nothing but their order", "see what happens when: trunkform forecast"},
    {"metadata", "there is no such group here", "the functions of expressions: docs/reference/functions.md"},
    {"env", "Terraform's old word for workspaces", "see the workspaces: trunkform workspace list"},
    {"push", "Terraform's old word", "replace the state document: trunkform state push FILE"},
    {"query", "there is no such command here", "every trunk of the organisation: trunkform inventory"},
    {"state replace-provider", "an address holds no provider",
     "give an address another name: trunkform state mv OLD NEW"},
    {"state identities", "there is no such command here", "what the state knows: trunkform state list, trunkform show"},
    {"rm", "addresses are forgotten; a trunk keeps its certificate", "trunkform forget 'ADDR'"},
    {"mv", "that is a command of the state", "trunkform state mv OLD NEW"},
    {"list", "of what?", "trunkform state list, trunkform inventory or trunkform workspace list"},
    {"status", "there is no such command here",
     "what would be done: trunkform plan; what trunks have now: trunkform verify; all trunks: trunkform inventory"},
};

struct FlagHabit {
  std::string_view command;  ///< empty: any
  Habit habit;
};

constexpr FlagHabit k_flags[] = {
    {"init",
     {"upgrade", "there is nothing to upgrade: providers are part of the program",
      "install a newer trunkform, and see the version: trunkform version"}},
    {"init", {"force-copy", "nothing is asked, and no other state is written over", "trunkform init -migrate-state"}},
    {"init", {"backend", "init only looks; it makes nothing that could be left out", "trunkform init"}},
    {"init", {"get", "there are no modules to download", "trunkform init"}},
    {"init", {"plugin-dir", "providers are part of the program", "trunkform init"}},
    {"init", {"lockfile", "providers are part of the program: there is no lock file of theirs", "trunkform init"}},
    {"apply", {"destroy", "forgetting every binding has a command of its own", "trunkform destroy"}},
    {"apply",
     {"refresh-only", "what changed outside is not taken into the state by itself",
      "see it: trunkform drift; take a trunk as it is: trunkform import ADDR TRUNK_ID"}},
    {"apply", {"out", "only plan saves a plan", "trunkform plan -out=FILE, then: trunkform apply FILE"}},
    {"apply",
     {"detailed-exitcode", "what an apply did is told by its exit code as it is: docs/exit-codes.md",
      "trunkform plan -detailed-exitcode"}},
    {"plan", {"auto-approve", "a plan writes nothing, so nothing is asked", "trunkform apply -auto-approve"}},
    {"plan",
     {"generate-config-out", "configuration is not generated",
      "see the trunks that nothing manages: trunkform inventory"}},
    {"plan", {"wait", "a plan waits for nothing", "trunkform apply -wait=DURATION"}},
    {"", {"refresh", "every run reads what is live: without that, nobody knows what to write", "leave the flag out"}},
    {"",
     {"compact-warnings", "warnings are always shown in full",
      "of each change only the main line: trunkform plan -concise"}},
    {"",
     {"state", "where the state lies is the backend block's to say",
      "another state of this configuration: trunkform workspace select NAME"}},
    {"", {"state-out", "where the state lies is the backend block's to say", "a copy: trunkform state pull > FILE"}},
    {"", {"backup", "the state before the last change is always kept, beside it", "leave the flag out"}},
    {"", {"force", "Terraform's old word", "where a command asks, do not let it: -auto-approve"}},
    {"workspace select", {"or-create", "a typing error would begin an empty state", "trunkform workspace new NAME"}},
    {"fmt", {"write", "it always writes, but with -check", "trunkform fmt -check"}},
    {"fmt", {"list", "the names of changed files are always printed", "leave the flag out"}},
    {"import", {"config", "the configuration is the folder's", "trunkform -chdir=DIR import ADDR TRUNK_ID"}},
};

Error signpost(std::string summary, const Habit& habit) {
  return Error(ErrorCode::invalid_input, std::move(summary), std::string(habit.why)).hint(std::string(habit.hint));
}

}  // namespace

std::optional<Error> habit_of_command(const std::string& word) {
  for (const auto& habit : k_commands)
    if (habit.word == word) return signpost(fmt::format("usage: there is no command `trunkform {}`", word), habit);
  return std::nullopt;
}

std::optional<Error> habit_of_flag(const std::string& command, const std::string& flag) {
  for (const auto& [of, habit] : k_flags)
    if (habit.word == flag && (of.empty() || of == command))
      return signpost(fmt::format("usage: `trunkform {}` has no flag -{}", command, flag), habit);
  return std::nullopt;
}

}  // namespace trunkform::cli
