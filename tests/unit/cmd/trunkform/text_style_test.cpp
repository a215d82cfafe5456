#include "cmd/trunkform/views/text_style.hpp"

#include <catch2/catch.hpp>

using trunkform::views::escape_foreign;

TEST_CASE("foreign text cannot begin a workflow command on its line") {
  CHECK(escape_foreign("::error::x") == "\\u{3a}:error::x");
  CHECK(escape_foreign("  ::warning file=a::x") == "  \\u{3a}:warning file=a::x");
  CHECK(escape_foreign("\u00a0\u3000::error::x") == "\u00a0\u3000\\u{3a}:error::x");
  CHECK(escape_foreign("##[stop-commands]x") == "\\u{23}#[stop-commands]x");
  CHECK(escape_foreign("Carrier ###[error]x") == "Carrier #\\u{23}#[error]x");
  CHECK(escape_foreign("a::b, #1, [x], : : ::") == "a::b, #1, [x], : : ::");
}

TEST_CASE("what moves a cursor, ends a line or turns the direction of text is shown as a code") {
  CHECK(escape_foreign("a\nb\x1b[2J\u202e") == "a\\u{a}b\\u{1b}[2J\\u{202e}");
  CHECK(escape_foreign("M\u00fcnchen") == "M\u00fcnchen");
}
