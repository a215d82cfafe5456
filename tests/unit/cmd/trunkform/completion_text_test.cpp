#include "cmd/trunkform/completion_text.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "cmd/trunkform/commands/commands.hpp"

namespace {

using namespace trunkform::cli;

/// What bash offers for `trunkform WORDS…`, the last word being the one at the cursor.
std::string offered(const std::string& words, std::size_t cursor) {
  std::string path = "/tmp/trunkform-completion-XXXXXX";
  const int file = ::mkstemp(path.data());
  REQUIRE(file >= 0);
  ::close(file);
  std::ofstream(path) << completion_text(all_commands(), "bash").value() << "compopt() { :; }\nCOMP_WORDS=(trunkform "
                      << words << ")\nCOMP_CWORD=" << cursor << "\n_trunkform\necho \"${COMPREPLY[*]}\"\n";
  std::string output;
  auto* pipe = ::popen(("bash '" + path + "' 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  ::pclose(pipe);
  std::remove(path.c_str());
  return output;
}

}  // namespace

TEST_CASE("every command and flag is in every shell's completion") {
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const auto text = completion_text(all_commands(), shell).value();
    for (const auto& command : all_commands()) {
      INFO(shell << " " << command.path.back());
      CHECK(text.find(command.path.back()) != std::string::npos);
      for (const auto& flag : command.flags) {
        INFO(flag.name);
        CHECK(text.find(flag.name) != std::string::npos);
      }
    }
  }
}

TEST_CASE("another shell is refused with those that there are") {
  const auto text = completion_text(all_commands(), "tcsh");
  REQUIRE_FALSE(text);
  CHECK(text.error().hints.front() == "there are bash, zsh and fish");
}

TEST_CASE("bash offers commands, commands within a group, and flags") {
  CHECK(offered("pl", 1) == "plan\n");
  CHECK(offered("state m", 2) == "mv\n");
  CHECK(offered("certificate ''", 2) == "check show\n");
  CHECK(offered("plan -det", 2) == "-detailed-exitcode\n");
  CHECK(offered("-chdir = x state sh", 5) == "show\n");
}
