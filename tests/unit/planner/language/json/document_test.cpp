#include "planner/language/json/document.hpp"

#include <catch2/catch.hpp>

#include "planner/language/json/parse.hpp"

using namespace trunkform;
using namespace trunkform::language;

TEST_CASE("members and elements keep their order, kinds and texts") {
  const auto parsed = parse_json("a.json", R"({"z": [1, 1.50, "a\tb", true, null], "a": {"b": {}, "c": []}})");
  const auto root = parsed.document->root();
  REQUIRE(root.is(JsonKind::object));
  REQUIRE(root.size() == 2);
  const auto members = root.members();
  CHECK(members[0].key.text() == "z");
  CHECK(members[1].key.text() == "a");
  const auto elements = members[0].value.elements();
  REQUIRE(elements.size() == 5);
  CHECK(members[0].value.size() == 5);
  CHECK(elements[1].text() == "1.50");
  CHECK(elements[2].text() == "a\tb");
  CHECK(elements[2].source() == R"("a\tb")");
  CHECK(elements[3].boolean());
  CHECK(elements[4].is(JsonKind::null));
  CHECK(members[1].value.size() == 2);
  CHECK(members[1].value.find("c")->is(JsonKind::array));
  CHECK_FALSE(members[1].value.find("d"));
}

TEST_CASE("positions count lines from one, columns in code points and offsets in bytes") {
  const auto parsed = parse_json("a.json", "{\r\n  \"\xC3\xA9\xF0\x9F\x98\x80\": 1,\n\t\"b\": [2]\n}");
  const auto members = parsed.document->root().members();
  CHECK(members[0].key.range() == SourceRange{"a.json", {2, 3, 5}, {2, 7, 13}});
  CHECK(members[0].value.range() == SourceRange{"a.json", {2, 9, 15}, {2, 10, 16}});
  CHECK(members[1].key.range() == SourceRange{"a.json", {3, 2, 19}, {3, 5, 22}});
  CHECK(parsed.document->root().range().end.line == 4);
}

TEST_CASE("positions agree with counting from the start, wherever they are") {
  std::string text = "[";
  for (int i = 0; i < 3000; ++i)
    text += (i ? "," : "") + std::string(i % 7 == 0 ? "\n" : "") + "\"\xC3\xA9" + std::to_string(i) + "\"";
  const auto parsed = parse_json("a.json", text + "]");
  for (std::size_t offset = 0; offset <= text.size() + 1; offset += 13)
    REQUIRE(parsed.document->position(offset) == position_in(parsed.document->bytes(), offset));
}

TEST_CASE("a place in a decoded string is found behind escapes") {
  //                                         0123456789
  const auto parsed = parse_json("a.json", R"(["a\n\u00e9${b}\ud83d\ude00c"])");
  const auto string = parsed.document->root().elements()[0];
  REQUIRE(string.text() ==
          "a\n\xC3\xA9${b}\xF0\x9F\x98\x80"
          "c");
  const auto map = string.string_map();
  CHECK(map.position(0).offset == 2);
  CHECK(map.position(1).offset == 3);    // the newline's escape
  CHECK(map.position(2).offset == 5);    // é's escape …
  CHECK(map.position(3).offset == 5);    // … both of its bytes
  CHECK(map.position(4).offset == 11);   // $
  CHECK(map.position(7).offset == 14);   // }
  CHECK(map.position(8).offset == 15);   // the surrogate pair
  CHECK(map.position(12).offset == 27);  // c
  CHECK(map.position(13).offset == 28);  // the closing quote
}

TEST_CASE("a string without escapes maps byte by byte") {
  const auto parsed = parse_json("a.json", "[\"\xC3\xA9x\"]");
  const auto map = parsed.document->root().elements()[0].string_map();
  CHECK(map.position(2) == SourcePosition{1, 4, 4});
}
