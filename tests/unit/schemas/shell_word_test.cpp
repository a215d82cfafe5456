#include "schemas/model/shell_word.hpp"

#include <array>
#include <cstdio>

#include <catch2/catch.hpp>

using trunkform::shell_double_quoted;
using trunkform::shell_quoted;
using trunkform::shell_word;

TEST_CASE("what needs no quotes has none") {
  CHECK(shell_word("api.example.com:8443") == "api.example.com:8443");
  CHECK(shell_word("-arg=--zone") == "-arg=--zone");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_quoted("a") == "'a'");
  CHECK(shell_double_quoted("a b.trunkplan") == "\"a b.trunkplan\"");
}

TEST_CASE("a shell takes it for the one word that it is, whatever it says") {
  for (const std::string word : {"", "a b", "$(touch x)", "`id`", "a;b", "a|b&c", "it's", "''", "a\\", "*", "~", "a\nb",
                                 "\"", "!x", "#", "{a,b}", "<a>b"}) {
    for (const auto& quoted : {shell_word(word), shell_quoted(word), shell_double_quoted(word)}) {
      const auto command = "printf %s. " + quoted;
      auto* said = ::popen(command.c_str(), "r");  // NOLINT(cert-env33-c): the shell itself is the judge
      REQUIRE(said != nullptr);
      std::array<char, 64> text{};
      const auto size = std::fread(text.data(), 1, text.size(), said);
      ::pclose(said);
      CHECK(std::string(text.data(), size) == word + ".");
    }
  }
}
