#include "planner/language/json/parse.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::language;

namespace {

bool accepts(const std::string& text) {
  const auto parsed = parse_json("a.json", text);
  CHECK((parsed.document != nullptr) == !parsed.diagnostics.has_errors());
  return parsed.document != nullptr;
}

}  // namespace

TEST_CASE("all that RFC 8259 allows is accepted") {
  const auto* text = GENERATE("{}", "[]", "null", " true ", "false", "0", "-0", "-1", "1.5", "1e5", "1E+5", "1e-5",
                              "0.0", "0e0", "123456789012345678901234567890", "1.000000000000000000000000000000001e400",
                              "\"\"", "\"a\"", "\t\r\n [ ] \n", "[1,2,3]", "[[],[[]]]", "{\"\":0}", "{\"a\":{\"a\":1}}",
                              "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "\"\x7f\"",
                              "\"\xC3\xA9\"", "\"\xE2\x82\xAC\"", "\"\xF0\x9F\x98\x80\"", "\"\xEF\xBB\xBF\"",
                              "\"\xEF\xBF\xBF\"", "\"\xF4\x8F\xBF\xBF\"", "[null, 1, \"1\", {}]",
                              "{\"a\" : 1 , \"b\" : 2 }", "[{}, {}]", "{\"a\":1,\"A\":2}");
  INFO(text);
  CHECK(accepts(text));
}

TEST_CASE("all that RFC 8259 does not allow is refused") {
  const auto* text = GENERATE(
      "", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "{,}", "{\"a\"}", "{\"a\":}",
      "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{1:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "[1}", "{\"a\":1]", "{} {}", "1 2",
      "nul", "nulll", "True", "NaN", "[NaN]", "Infinity", "-Infinity", "-", "+1", "01", "-01", "1.", ".5", "1.e5", "1e",
      "1e+", "0x1F", "1_000", "\"", "\"a", "\"\\", "\"\\x41\"", "\"\\'\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\U0041\"",
      "\"a\nb\"", "\"a\tb\"", "\"\x01\"", "\"\x1f\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"",
      "\"\\udc00\\ud800\"", "\"\xFF\"", "\"\x80\"", "\"\xC0\x80\"", "\"\xC3\"", "\"\xE2\x82\"", "\"\xED\xA0\x80\"",
      "\"\xF4\x90\x80\x80\"", "\"\xF0\x80\x80\x80\"", "\xEF\xBB\xBF{}", "\xC2\xA0{}", "\xE2\x80\xA8[]", "// a\n{}",
      "{} // a", "[1 /* a */]", "# a\n{}", "[\f]", "[\v]", "{\"a\":1,\"a\":2}x", "\xFF\xFE{\0}\0", "'a'", "[a]",
      "\"a\"b", "[\"a\",\n\"b\n]", "resource \"x\" {}", "{\"a\":1;\"b\":2}", "[\"\\\xC3\xA9\"]");
  INFO(text);
  CHECK_FALSE(accepts(text));
}

TEST_CASE("a byte of zero is refused outside of a string and inside") {
  CHECK_FALSE(accepts(std::string("[\0]", 3)));
  CHECK_FALSE(accepts(std::string("[\"12345\0\"]", 10)));
}

TEST_CASE("every prefix of a document is refused and none crashes") {
  const std::string text = "{\"a\": [1.5e3, \"x\\u00e9\\n\", true, null, {\"b\": {}}], \"\xE2\x82\xAC\": -0}";
  REQUIRE(accepts(text));
  for (std::size_t length = 0; length < text.size(); ++length) {
    INFO(text.substr(0, length));
    CHECK_FALSE(accepts(text.substr(0, length)));
  }
}

TEST_CASE("every byte exchanged for every other is judged without a crash and with a place") {
  const std::string text = "{\"a\":[1.5e3,\"x\\u00e9\xC3\xA9\"],\"b\":{}}";
  std::size_t refused = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      auto other = text;
      other[at] = static_cast<char>(byte);
      const auto parsed = parse_json("a.json", other);
      if (parsed.document && parsed.diagnostics.empty()) continue;
      ++refused;
      REQUIRE(parsed.diagnostics.has_errors());
      const auto& error = parsed.diagnostics.items().front().error;
      REQUIRE_FALSE(error.summary.empty());
      REQUIRE(error.source);
      REQUIRE(error.source->start.offset <= text.size());
      REQUIRE(error.source->start.offset <= error.source->end.offset);
    }
  }
  CHECK(refused > 5000);
}

TEST_CASE("two hundred levels are read, one more is refused where it begins") {
  CHECK(accepts(std::string(200, '[') + std::string(200, ']')));
  const auto parsed = parse_json("a.json", std::string(201, '[') + std::string(201, ']'));
  REQUIRE_FALSE(parsed.document);
  CHECK(parsed.diagnostics.items().front().error.source->start.offset == 200);
  CHECK_FALSE(accepts(std::string(1'000'000, '[')));
}

TEST_CASE("64 MiB are read and one byte more is refused") {
  std::string text(k_json_bytes, ' ');
  text[0] = '1';
  CHECK(accepts(text));
  CHECK_FALSE(accepts(text + ' '));
}

TEST_CASE("equal keys name both places and keep the document") {
  const auto parsed = parse_json("a.json", "{\n  \"b\": 1,\n  \"a\": 1,\n  \"\\u0062\": 2\n}");
  REQUIRE(parsed.document);
  REQUIRE(parsed.diagnostics.items().size() == 1);
  const auto& error = parsed.diagnostics.items().front().error;
  CHECK(error.summary == "the key \"b\" stands twice in one object");
  CHECK(error.detail.find("line 2") != std::string::npos);
  CHECK(error.source->start == SourcePosition{4, 3, 24});
}

TEST_CASE("a comment may stand several times in one object") {
  CHECK(accepts("{\"//\": \"one\", \"a\": 1, \"//\": \"two\"}"));
}

TEST_CASE("of very many equal keys twenty are named and the rest counted") {
  std::string text = "{\"a\":0";
  for (int i = 0; i < 1000; ++i) text += ",\"a\":0";
  const auto parsed = parse_json("a.json", text + "}");
  REQUIRE(parsed.diagnostics.items().size() == 21);
  CHECK(parsed.diagnostics.items().back().error.summary == "980 more equal keys in a.json");
}

TEST_CASE("the last of a hundred thousand members is where it stands") {
  std::string text = "{";
  for (std::size_t i = 0; i < 100'000; ++i)
    text += (i ? ",\n\"key_" : "\"key_") + std::to_string(i) + "\":[1,\"a\\n\",{\"b\":true}]";
  text += "}";
  const auto parsed = parse_json("a.json", text);
  REQUIRE(parsed.document);
  const auto members = parsed.document->root().members();
  REQUIRE(members.size() == 100'000);
  const auto& start = members.back().value.range().start;
  CHECK(start.line == 100'000);
  CHECK(start.column == std::string("\"key_99999\":").size() + 1);
  CHECK(text.substr(start.offset, 2) == "[1");
}
