#include "cmd/trunkform/json_format.hpp"

#include <random>

#include <catch2/catch.hpp>

#include "planner/language/json/parse.hpp"

namespace {

using namespace trunkform;

std::string formatted(const std::string& text) {
  const auto parsed = language::parse_json("a.trunk.json", text);
  REQUIRE(parsed.document != nullptr);
  return cli::format_json(*parsed.document);
}

/// All that is not white space between tokens.
std::string tokens(const std::string& text) {
  std::string kept;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      kept += c;
      kept += text[++i];
      continue;
    }
    if (c == '"') in_string = !in_string;
    if (in_string || (c != ' ' && c != '\n' && c != '\t' && c != '\r')) kept += c;
  }
  return kept;
}

/// Random JSON with random white space.
class Generator {
 public:
  explicit Generator(unsigned seed) : m_random(seed) {}
  std::string value(int depth) {
    switch (below(depth > 0 ? 7 : 4)) {
      case 0:
        return "1.50e+2";
      case 1:
        return "\"caf\\u00e9 \\/ \\n\"";
      case 2:
        return "true";
      case 3:
        return "\"" + std::string(below(60), 'x') + "\"";
      case 4:
        return container('[', ']', depth);
      default:
        return container('{', '}', depth);
    }
  }

 private:
  std::mt19937 m_random;
  std::size_t below(std::size_t bound) { return m_random() % bound; }
  std::string blank() {
    static const std::string k_blanks[] = {"", " ", "\n", "\n\n", "\n\n\n", "\t", "\r\n", "\r\n\r\n"};
    return k_blanks[below(8)];
  }
  std::string container(char open, char close, int depth) {
    std::string text(1, open);
    const auto size = below(5);
    for (std::size_t i = 0; i < size; ++i) {
      if (i > 0) text += blank() + ",";
      text += blank();
      if (open == '{')
        text += (below(6) == 0 && i == 0 ? std::string("\"//\"") : "\"k" + std::to_string(i) + "\"") + blank() + ":" +
                blank();
      text += value(depth - 1);
    }
    return text + blank() + close;
  }
};

}  // namespace

TEST_CASE("what is short goes on one line, the root never does") {
  CHECK(formatted(R"({"provider":{"genesys":{"region":"eu-west-1"}},"a":[1,2],"b":{},"c":[]})") ==
        "{\n"
        "  \"provider\": { \"genesys\": { \"region\": \"eu-west-1\" } },\n"
        "  \"a\": [1, 2],\n"
        "  \"b\": {},\n"
        "  \"c\": []\n"
        "}\n");
}

TEST_CASE("three levels of brackets do not share a line") {
  CHECK(formatted(R"({"resource":{"t":{"a":{"b":1}}}})") ==
        "{\n"
        "  \"resource\": {\n"
        "    \"t\": { \"a\": { \"b\": 1 } }\n"
        "  }\n"
        "}\n");
}

TEST_CASE("a line may have 100 columns with its comma, counted in characters") {
  const auto line_of = [](std::size_t letters, const std::string& letter) {
    std::string word;
    for (std::size_t i = 0; i < letters; ++i) word += letter;
    return formatted("{\"a\":[\"" + word + "\"],\"b\":1}");
  };
  // `  "a": ["…"],` has 12 columns around the word.
  CHECK(line_of(88, "x").starts_with("{\n  \"a\": [\"x"));
  CHECK(line_of(88, "é").starts_with("{\n  \"a\": [\"é"));
  CHECK(line_of(89, "x").starts_with("{\n  \"a\": [\n    \"x"));
}

TEST_CASE("an object with a comment is spread, so that the comment is seen") {
  CHECK(formatted(R"({"a":{"//":"why","b":1}})") == "{\n  \"a\": {\n    \"//\": \"why\",\n    \"b\": 1\n  }\n}\n");
}

TEST_CASE("one blank line between members stays, more become one, and it keeps its object spread") {
  CHECK(formatted("{\"a\":1,\n\n\n\n\"b\":2,\n\"c\":{\"d\":1,\n\n\"e\":2}}") ==
        "{\n  \"a\": 1,\n\n  \"b\": 2,\n  \"c\": {\n    \"d\": 1,\n\n    \"e\": 2\n  }\n}\n");
}

TEST_CASE("numbers, escapes and the order of keys stay as they are written") {
  CHECK(formatted(R"({"z":1.0e+05,"a":"\u00e9\/\t${x}","m":-0})") ==
        "{\n  \"z\": 1.0e+05,\n  \"a\": \"\\u00e9\\/\\t${x}\",\n  \"m\": -0\n}\n");
}

TEST_CASE("a scalar and an empty root are taken as they are") {
  CHECK(formatted(" {} ") == "{}\n");
  CHECK(formatted("[ ]") == "[]\n");
  CHECK(formatted("\t\"x\"") == "\"x\"\n");
  CHECK(formatted("[{}]") == "[\n  {}\n]\n");
}

TEST_CASE("formatting twice changes nothing, and no token is ever lost") {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const auto text = Generator(seed).value(5);
    const auto once = formatted(text);
    INFO(seed << ": " << text);
    REQUIRE(tokens(once) == tokens(text));
    REQUIRE(formatted(once) == once);
  }
}

TEST_CASE("the deepest JSON that is read can be formatted") {
  const auto depth = language::k_json_depth;
  const auto text = std::string(depth, '[') + std::string(depth, ']');
  const auto once = formatted(text);
  CHECK(tokens(once) == text);
  CHECK(formatted(once) == once);
}
