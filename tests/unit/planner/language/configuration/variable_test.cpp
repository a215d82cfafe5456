#include <catch2/catch.hpp>

#include "planner/language/configuration/configuration.hpp"
#include "tests/unit/planner/language/configuration/memory_host.hpp"

using namespace trunkform;
using namespace trunkform::language;

namespace {

Loaded load(const std::string& variables, const VariableInputs& inputs) {
  test::MemoryHost host;
  const std::vector<SourceFile> files{{"main.trunk.json", "{\"variable\": " + variables + "}"}};
  return load_configuration(files, inputs, host, {});
}

VariableInput flag(const std::string& text) { return parse_variable_flag(text).value(); }

}  // namespace

TEST_CASE("of several values the last counts, and text becomes the variable's type") {
  const auto loaded =
      load(R"J({"n": {"type": "number"}, "l": {"type": "list(string)"}, "s": {}, "b": {"type": "bool"}})J",
           {flag("n=1"), flag("n=2"), flag("l=[\"a\", \"b\"]"), flag("s=[1]"), flag("b=true")});
  CHECK(loaded.variables ==
        std::map<std::string, std::string>{{"b", "true"}, {"l", "[\"a\",\"b\"]"}, {"n", "2"}, {"s", "\"[1]\""}});
}

TEST_CASE("a file's values are literal, never templates") {
  Diagnostics diagnostics;
  const auto inputs =
      parse_variable_file({"x.auto.trunkvars.json", R"({"s": "${nope}", "o": {"a": null}})"}, diagnostics);
  REQUIRE(inputs.size() == 2);
  CHECK(inputs[0].source->start.column == 7);
  const auto loaded =
      load(R"J({"s": {"type": "string"}, "o": {"type": "object({a = optional(string, \"d\")})"}})J", inputs);
  CHECK(loaded.variables.at("s") == "\"${nope}\"");
  CHECK(loaded.variables.at("o") == R"({"a":"d"})");
}

TEST_CASE("null falls back to the default where the variable is not nullable") {
  Diagnostics diagnostics;
  const auto null = parse_variable_file({"x.json", R"({"v": null})"}, diagnostics);
  CHECK(load(R"({"v": {"default": "d", "nullable": false}})", null).variables.at("v") == "\"d\"");
  CHECK(load(R"({"v": {"default": "d"}})", null).variables.at("v") == "null");
}

TEST_CASE("a value for what is not declared is an error by flag, a warning by file, nothing by environment") {
  const auto undeclared = [](VariableInput::Origin origin) {
    auto input = flag("regoin=x");
    input.origin = origin;
    return load(R"({"region": {"default": ""}})", {input}).diagnostics;
  };
  REQUIRE(undeclared(VariableInput::Origin::flag).has_errors());
  CHECK(undeclared(VariableInput::Origin::flag).items()[0].error.hints[0] == "did you mean \"region\"?");
  CHECK_FALSE(undeclared(VariableInput::Origin::file).has_errors());
  CHECK(undeclared(VariableInput::Origin::file).items().size() == 1);
  CHECK(undeclared(VariableInput::Origin::environment).empty());
}

TEST_CASE("-var and environment names are taken apart, and a bad one does not show its value") {
  CHECK(flag("a=b=c").text == "b=c");
  const auto bad = parse_variable_flag("s3cret");
  REQUIRE_FALSE(bad);
  CHECK(to_line(bad.error()).find("s3cret") == std::string::npos);
  CHECK_FALSE(variable_from_environment("TRUNKFORM_LOG", "x"));
  CHECK_FALSE(variable_from_environment("TRUNKFORM_VAR_", "x"));
  CHECK(variable_from_environment("TRUNKFORM_VAR_a", "x")->name == "a");
}

TEST_CASE("the value of a sensitive variable is in no message") {
  const auto loaded = load(R"({"s": {"type": "number", "sensitive": true}})", {flag("s=t0psecret")});
  REQUIRE(loaded.diagnostics.has_errors());
  for (const auto& diagnostic : loaded.diagnostics)
    CHECK(to_line(diagnostic.error).find("t0psecret") == std::string::npos);
}

TEST_CASE("a value for a variable that is not declared is told which are") {
  const auto hints_of = [](const std::string& variables, const std::string& given) {
    const auto loaded = load(variables, {flag(given)});
    REQUIRE(loaded.diagnostics.items().size() == 1);
    return loaded.diagnostics.items().front().error.hints;
  };
  CHECK(hints_of(R"({"region": {"default": ""}, "trunks": {"default": 1}})", "x=1") ==
        std::vector<std::string>{"declared are region, trunks", R"(or declare it: "variable": {"x": {}})"});
  CHECK(hints_of(R"({"region": {"default": ""}})", "x=1").front() == "declared is only region");
  CHECK(hints_of(R"({"region": {"default": ""}})", "regoin=1") == std::vector<std::string>{"did you mean \"region\"?"});
  CHECK(hints_of("{}", "x=1").front() == "the configuration declares no variable: leave the value out");
}
