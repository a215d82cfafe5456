#include "cmd/trunkform/views/value_text.hpp"

#include <catch2/catch.hpp>

#include "planner/language/expression/evaluate.hpp"

namespace {

using namespace trunkform;

/// Expected texts were printed by `terraform console` 1.11.4.
std::string printed(const std::string& expression) {
  const language::NameScope scope;
  const language::Origin origin(SourceRange{"test", {}, {}}, expression);
  const auto parsed = language::parse_expression(expression, origin);
  REQUIRE(parsed);
  const auto value = language::evaluate(*parsed, scope);
  REQUIRE(value);
  return views::value_text(*value);
}

}  // namespace

TEST_CASE("scalars are printed as terraform console prints them") {
  CHECK(printed("true") == "true");
  CHECK(printed("1.50") == "1.5");
  CHECK(printed("null") == "null");
  CHECK(printed("tostring(null)") == "tostring(null)");
  CHECK(printed(R"("a\tb\"\\")") == R"("a\tb\"\\")");
  CHECK(printed(R"("t\u007f\u0001 é \u200b")") == R"("t\x7f\x01 é \u200b")");
}

TEST_CASE("collections say what they are, one element a line") {
  CHECK(printed("[]") == "[]");
  CHECK(printed("{}") == "{}");
  CHECK(printed("tolist([])") == "tolist([])");
  CHECK(printed("[1, \"a\", {a = 1}]") == "[\n  1,\n  \"a\",\n  {\n    \"a\" = 1\n  },\n]");
  CHECK(printed("{a = null, \"b c\" = tolist([\"x\"])}") ==
        "{\n  \"a\" = null\n  \"b c\" = tolist([\n    \"x\",\n  ])\n}");
  CHECK(printed("tomap({a = 1})") == "tomap({\n  \"a\" = 1\n})");
  CHECK(printed("toset([\"a\"])") == "toset([\n  \"a\",\n])");
}

TEST_CASE("several lines are a heredoc, indented within collections, with a delimiter of its own") {
  CHECK(printed(R"("x\ny")") == "<<EOT\nx\ny\nEOT");
  CHECK(printed(R"({a = {b = "x\ny"}})") == "{\n  \"a\" = {\n    \"b\" = <<-EOT\n    x\n    y\n    EOT\n  }\n}");
  CHECK(printed(R"("EOT\nEOT_")") == "<<EOT__\nEOT\nEOT_\nEOT__");
}

TEST_CASE("a text that could drive the terminal stays in quotes") {
  CHECK(printed(R"("a\n${base64decode("G1sySg==")}")") == R"("a\n\x1b[2J")");
}

TEST_CASE("what is sensitive is never printed, here or within") {
  CHECK(printed("sensitive(1)") == "(sensitive value)");
  CHECK(printed("[sensitive(\"x\")]") == "[\n  (sensitive value),\n]");
}
