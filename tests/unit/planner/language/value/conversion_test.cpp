#include "planner/language/value/conversion.hpp"

#include <catch2/catch.hpp>

#include "planner/language/expression/expression.hpp"
#include "planner/language/value/json.hpp"

using namespace trunkform;
using namespace trunkform::language;

namespace {

TypeConstraint type(std::string_view text) {
  auto made = parse_type(text, Origin(SourceRange{}, text));
  INFO(text << (made ? "" : ": " + to_line(made.error())));
  REQUIRE(made);
  return *made;
}

std::string as(std::string_view json, std::string_view constraint) {
  const auto value = conform(decode_json(json).value(), type(constraint));
  return value ? encode_json(*value).value() : "error: " + value.error().summary;
}

}  // namespace

TEST_CASE("A value conforms to its type constraint, with defaults filled in at every level") {
  CHECK(as(R"(["5", 6])", "list(number)") == "[5,6]");
  CHECK(as(R"([1, "a", true])", "list(any)") == R"(["1","a","true"])");
  CHECK(as(R"({"a": {}})", "map(object({tls = optional(bool, true), zip = optional(string)}))") ==
        R"({"a":{"tls":true,"zip":null}})");
  CHECK(as(R"({"a": {"tls": null}})", "map(object({tls = optional(bool, true)}))") == R"({"a":{"tls":true}})");
  CHECK(as(R"({})", "object({in = optional(object({x = optional(number, 1)}), {})})") == R"({"in":{"x":1}})");
  CHECK(as(R"({"x": 1, "y": 2})", "object({x = string})") == R"({"x":"1"})");
  CHECK(as(R"([["a"], [1]])", "tuple([list(string), set(number)])") == R"([["a"],[1]])");
  CHECK(as("null", "string") == "null");
}

TEST_CASE("What does not convert says which part and what is required") {
  CHECK(as(R"({"a": [1, "x"]})", "map(list(number))") == "error: element \"a\": element 1: a number is required");
  CHECK(as("{}", "object({port = number})") == "error: attribute \"port\" is required");
  CHECK(as("1", "bool") == "error: a bool is required");
  CHECK(as("[1]", "map(string)") == "error: map of string required");
  CHECK(as("[1]", "tuple([number, number])") == "error: a tuple of 2 elements is required");
}

TEST_CASE("A type that is written wrongly is an error with its place") {
  for (const auto* text :
       {"", "strin", "list(", "list(string", "object", "object({a})", "object({a = })", "optional(string)",
        "tuple([string", "map(string) x", "object({a = optional(string, var.x)})",
        "object({a = optional(number, \"x\")})", "list(optional(string))"}) {
    INFO(text);
    const auto made = parse_type(text, Origin(SourceRange{"f", {3, 5, 40}, {}}, text));
    REQUIRE_FALSE(made);
    REQUIRE(made.error().source);
    CHECK(made.error().source->start.line == 3);
    CHECK(made.error().source->start.column >= 5);
  }
}

TEST_CASE("Types unify as conditionals need it") {
  const auto one = [](std::vector<Type> types) {
    const auto made = unify(types);
    return made ? made->to_string() : "none";
  };
  const auto s = Type::string(), n = Type::number(), b = Type::boolean();
  CHECK(one({s, n}) == "string");
  CHECK(one({n, b}) == "none");
  CHECK(one({Type::dynamic(), n}) == "number");
  CHECK(one({Type::tuple({n}), Type::tuple({s})}) == "tuple([string])");
  CHECK(one({Type::tuple({n}), Type::tuple({s, n})}) == "list(string)");
  CHECK(one({Type::object({{"a", n}}), Type::object({{"b", s}})}) == "map(string)");
  CHECK(one({Type::object({{"a", n}}), Type::tuple({n})}) == "none");
  CHECK(one({Type::list(n), Type::set(n)}) == "list(number)");
  CHECK(one({Type::list(s), Type::tuple({n})}) == "list(string)");
}

TEST_CASE("Conversion keeps marks, nulls and unknowns") {
  const auto list = convert(Value::tuple({Value::integer(1).sensitive()}), Type::list(Type::string()));
  REQUIRE(list);
  CHECK_FALSE(list->is_sensitive());
  CHECK(list->elements()[0].is_sensitive());
  CHECK(convert(Value::string("1").sensitive(), Type::number())->is_sensitive());
  CHECK(convert(Value::unknown(Type::number()), Type::string())->is_unknown());
  CHECK(convert(Value(), Type::number())->type() == Type::number());
}
