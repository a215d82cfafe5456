#include "cmd/trunkform/reference_text.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "cmd/trunkform/commands/commands.hpp"

TEST_CASE("the page of commands says what the program says (TRUNKFORM_UPDATE_GOLDEN=1 writes it anew)") {
  constexpr auto k_page = "docs/reference/commands.md";
  const auto text = trunkform::cli::reference_text(trunkform::cli::all_commands());
  if (const auto* update = std::getenv("TRUNKFORM_UPDATE_GOLDEN"); update != nullptr && *update != '\0')
    std::ofstream(k_page) << text;
  std::ifstream page(k_page);
  CHECK(std::string(std::istreambuf_iterator<char>(page), {}) == text);
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
