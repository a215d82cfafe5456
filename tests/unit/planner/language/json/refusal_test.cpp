// What a person reads who made a mistake of syntax: the sentence, the place and the way to mend it.
#include <catch2/catch.hpp>

#include "planner/language/json/parse.hpp"

using namespace trunkform;
using namespace trunkform::language;

namespace {

struct Refusal {
  std::string text;
  std::string summary;
  std::size_t column;
  std::string hint;  ///< a part of it
};

}  // namespace

TEST_CASE("each mistake of syntax is explained where it stands") {
  const auto refusal = GENERATE(values<Refusal>({
      {"[1, 2,]", "a comma stands after the last element", 6, "remove the comma"},
      {"{\"a\": 1, }", "a comma stands after the last element", 8, "remove the comma"},
      {"{} // done", "JSON has no comments", 4, "\"//\""},
      {"[1, # one", "JSON has no comments", 5, "\"//\""},
      {"[NaN]", "JSON has no NaN and no infinity", 2, "null"},
      {"[-Infinity]", "JSON has no NaN and no infinity", 2, "null"},
      {"[True]", "True is no JSON value", 2, "lower case"},
      {"[None]", "None is no JSON value", 2, "null"},
      {"[hello]", "a string without quotes", 2, "double quotes"},
      {"['a']", "a string in single quotes", 2, "double quotes"},
      {"{'a': 1}", "a key in single quotes", 2, "double quotes"},
      {"{a: 1}", "a key should stand here, in double quotes", 2, "\"name\": value"},
      {"{\"a\" = 1}", "a colon is missing after the key", 6, ": instead of ="},
      {"{\"a\", 1}", "a colon is missing after the key", 5, "\"name\": value"},
      {"{\"a\": 1 \"b\": 2}", "a comma or } is missing after this", 7, "comma"},
      {"[\"a\" \"b\"]", "a comma or ] is missing after this", 4, "comma"},
      {"{\"a\": \"x\" \"b\": 2}", "a comma or } is missing after this", 9, "comma"},
      {"{\"a\": }", "a value is missing after the colon", 7, "null"},
      {"[1,,2]", "a value is missing before ,", 4, "remove"},
      {"{\"a\": [1}", "} closes nothing here", 9, "] first"},
      {"{\"a\": [1]", "the file ends inside an object", 9, "}"},
      {"[\"a", "a string has no closing quote in its line", 2, "\\n"},
      {"[\"a\\qb\"]", "the escape \\q does not exist in JSON", 4, "\\\\"},
      {"[\"\\u12\"]", "\\u needs four hexadecimal digits", 3, "\\\\"},
      {"[\"\\ud800\"]", "\\ud800 is half a character", 3, "both halves"},
      {"[\"a\tb\"]", "a control character (U+0009) inside a string", 4, "\\t"},
      {"[\"\xE9\"]", "the byte 0xe9 is not valid UTF-8", 3, "iconv"},
      {"[\xE9]", "the byte 0xe9 is not valid UTF-8", 2, "iconv"},
      {"[012]", "012 is no JSON number", 2, "leading zero"},
      {"[1e, 2]", "1e is no JSON number", 2, "digits"},
      {"[-]", "- is no JSON number", 2, "digits"},
      {"[12abc]", "12abc is no JSON number", 2, "digits"},
      {"[true false]", "a comma or ] is missing after this", 5, "comma"},
      {"[1.]", "1. is no JSON number", 2, "digits"},
      {"[.5]", ".5 is no JSON number", 2, "digits"},
      {"[+1]", "+1 is no JSON number", 2, "digits"},
      {"[0x1F]", "0x1F is no JSON number", 2, "decimal"},
      {"{}\n{}", "there is text after the end of the configuration", 1, "remove it"},
      {"", "the file is empty", 1, "{}"},
      {"\xEF\xBB\xBF{}", "the file begins with a byte order mark", 1, "with BOM"},
      {std::string("\xFF\xFE{\0}\0", 6), "the file is not UTF-8", 1, "UTF-8"},
      {"variable \"a\" {\n}", "this looks like native HCL", 1, "\"variable\""},
  }));
  INFO(refusal.text);
  const auto parsed = parse_json("a.json", refusal.text);
  REQUIRE(parsed.diagnostics.items().size() == 1);
  const auto& error = parsed.diagnostics.items().front().error;
  CHECK(error.summary == refusal.summary);
  CHECK(error.source->start.column == refusal.column);
  CHECK(error.source->file == "a.json");
  std::string hints;
  for (const auto& hint : error.hints) hints += hint;
  CHECK(hints.find(refusal.hint) != std::string::npos);
}
