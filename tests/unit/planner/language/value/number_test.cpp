#include "planner/language/value/number.hpp"

#include <catch2/catch.hpp>

using namespace trunkform::language;

namespace {

Number number(std::string_view text) {
  const auto parsed = Number::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

}  // namespace

TEST_CASE("A number prints the shortest decimal that is unique at its own precision") {
  const Number one(1), three(3);
  CHECK(one.over(three)->to_string() == "0.33333333333333333334");
  CHECK(Number::from_double(4611686018427387904.0).to_string() == "4611686018427388000");
  CHECK(Number::from_double(4611686018427387904.0).plus(Number::parse("0").value())->to_string() ==
        "4611686018427387904");
  CHECK(number("1e100").to_string().size() == 101);
  CHECK(number("-0").to_string() == "-0");
  CHECK(number("1e-7").to_string() == "0.0000001");
  CHECK(Number(INT64_MIN).to_string() == "-9223372036854775808");
}

TEST_CASE("Equality of numbers goes by their text, order by their value") {
  CHECK(number("0.1").plus(number("0.2"))->equals(number("0.3")));
  CHECK(number("-0").equals(number("0")));
  CHECK(number("-0").equals(Number(0)));
  CHECK_FALSE(number("0.1").equals(number("-0.1")));
  CHECK(number("1e-200").compare(number("2e-200")) == -1);
  CHECK(Number::infinity(1).equals(Number::infinity(1)));
  CHECK_FALSE(Number::infinity(1).equals(Number::infinity(-1)));
}

TEST_CASE("Only plain decimals are numbers") {
  for (const auto* text :
       {"", " 1", "1 ", "0x10", "Infinity", "NaN", "1e", "e5", ".", "-", "1.2.3", "1_000", "1e99999", "--1"}) {
    INFO(text);
    CHECK_FALSE(Number::parse(text));
  }
  CHECK(Number::parse("+1")->to_string() == "1");
  CHECK(Number::parse(".5")->to_string() == "0.5");
  CHECK(Number::parse("00012")->to_string() == "12");
  CHECK_FALSE(Number::parse(std::string(40'000, '9')));
}

TEST_CASE("What has no value is an error, what grows beyond bounds too") {
  CHECK(number("1").over(number("0"))->is_infinite());
  CHECK_FALSE(number("0").over(number("0")));
  CHECK_FALSE(Number::infinity(1).minus(Number::infinity(1)));
  CHECK(number("5").modulo(number("0"))->to_string() == "5");
  CHECK(number("-7").modulo(number("3"))->to_string() == "-1");
  const auto huge = number("1e20000");
  CHECK(huge.times(number("1e10000")));
  CHECK_FALSE(huge.times(huge));
}

TEST_CASE("parseint knows the digits of every base") {
  CHECK(Number::parse_integer("zz", 36)->to_string() == "1295");
  CHECK(Number::parse_integer("Z", 62)->to_string() == "61");
  CHECK(Number::parse_integer("a", 62)->to_string() == "10");
  CHECK(Number::parse_integer("-101", 2)->to_string() == "-5");
  for (const auto* text : {"", "-", "+-1", " 1", "1 ", "12"}) {
    INFO(text);
    CHECK_FALSE(Number::parse_integer(text, 2));
  }
}
