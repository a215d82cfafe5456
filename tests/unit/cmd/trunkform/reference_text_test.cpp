#include "cmd/trunkform/reference_text.hpp"

#include <catch2/catch.hpp>

#include "cmd/trunkform/commands/commands.hpp"
#include "tests/support/check_page.hpp"

using trunkform::testing::check_page;

TEST_CASE(
    "the pages of commands and functions say what the program says (TRUNKFORM_UPDATE_GOLDEN=1 writes them anew)") {
  check_page("docs/reference/commands.md", trunkform::cli::reference_text(trunkform::cli::all_commands()));
  check_page("docs/reference/functions.md", trunkform::cli::functions_text());
}

TEST_CASE("every command has a summary, and every flag a help text") {
  for (const auto& command : trunkform::cli::all_commands()) {
    INFO(command.path.back());
    CHECK_FALSE(command.summary.empty());
    for (const auto& flag : command.flags) {
      INFO(flag.name);
      CHECK_FALSE(flag.help.empty());
      CHECK((flag.kind == trunkform::cli::FlagKind::toggle) == flag.placeholder.empty());
    }
  }
}
