#include "planner/language/json/parsed_files.hpp"

#include <catch2/catch.hpp>

using namespace trunkform::language;

TEST_CASE("a file is parsed once, and again when it says something else") {
  ParsedFiles files;
  const auto first = files.of("main.trunk.json", R"({"a": 1})");
  REQUIRE(first->document);
  CHECK(files.of("main.trunk.json", R"({"a": 1})") == first);
  CHECK(files.of("other.trunk.json", R"({"a": 1})") != first);
  const auto changed = files.of("main.trunk.json", R"({"a": 2})");
  CHECK(changed != first);
  CHECK(changed->document->bytes() == R"({"a": 2})");
  CHECK(first->document->bytes() == R"({"a": 1})");
}

TEST_CASE("a file with a mistake of syntax is told as such each time, until it is mended") {
  ParsedFiles files;
  for (int i = 0; i < 2; ++i) {
    const auto broken = files.of("main.trunk.json", R"({"a": )");
    CHECK_FALSE(broken->document);
    CHECK(broken->diagnostics.has_errors());
  }
  CHECK(files.of("main.trunk.json", R"({"a": 1})")->document);
}
