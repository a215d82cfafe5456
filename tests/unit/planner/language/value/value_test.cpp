#include "planner/language/value/value.hpp"

#include <catch2/catch.hpp>

#include "planner/language/value/json.hpp"

using namespace trunkform::language;

TEST_CASE("A set is sorted, has no duplicates and takes its elements' marks") {
  const auto set = Value::set(Type::string(), {Value::string("b"), Value::string("a").sensitive(), Value::string("b")});
  REQUIRE(set.size() == 2);
  CHECK(set.elements()[0].as_string() == "a");
  CHECK(set.is_sensitive());
  CHECK_FALSE(set.elements()[0].is_sensitive());
  CHECK(Value::set(Type::string(), {Value::null(Type::string()), Value::string("x")}).elements()[1].is_null());
}

TEST_CASE("Sets of structures tell elements apart whose texts hold the separators") {
  const auto pair = [](const char* a, const char* b) { return Value::tuple({Value::string(a), Value::string(b)}); };
  const auto set = Value::set(pair("", "").type(), {pair("a\";\"b", "c"), pair("a", "b\";\"c"), pair("a", "b\";\"c")});
  CHECK(set.size() == 2);
}

TEST_CASE("Of equal keys the last counts, whatever the order") {
  const auto object = Value::object({{"b", Value::integer(1)}, {"a", Value::integer(2)}, {"b", Value::integer(3)}});
  REQUIRE(object.size() == 2);
  CHECK(object.find("b")->as_number().to_string() == "3");
  CHECK(object.find("c") == nullptr);
  CHECK(object.type().attributes().size() == 2);
}

TEST_CASE("Strings and keys are NFC, and bytes that are no UTF-8 are replaced") {
  CHECK(Value::string("e\u0301") == Value::string("\u00e9"));
  CHECK(Value::object({{"e\u0301", Value()}}).find("\u00e9") != nullptr);
  CHECK(Value::string("a\xff").as_string() == "a\xEF\xBF\xBD");
}

TEST_CASE("A mark within is seen from outside and can be taken away") {
  const auto value = Value::object({{"a", Value::tuple({Value::string("x").sensitive()})}});
  CHECK_FALSE(value.is_sensitive());
  CHECK(value.has_sensitive());
  CHECK_FALSE(value.revealed_deep().has_sensitive());
  CHECK(value.has_sensitive());
}

TEST_CASE("JSON keeps every digit, escapes what HTML could misread and bounds its depth") {
  CHECK(encode_json(Value::string("<a&b>\u2028/\x7f")).value() == "\"\\u003ca\\u0026b\\u003e\\u2028/\x7f\"");
  CHECK(encode_json(decode_json("{\"b\":[1.50,-0,12345678901234567890123],\"a\":null}").value()).value() ==
        "{\"a\":null,\"b\":[1.5,-0,12345678901234567890123]}");
  CHECK(decode_json("\"\\ud83d\\ude80 \\u00e9\"")->as_string() == "\U0001F680 \u00e9");
  CHECK_FALSE(encode_json(Value::number(Number::infinity(1))));
  CHECK_FALSE(encode_json(Value::unknown(Type::string())));
  for (const auto* text : {"", "{", "[1,", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "\"", "\"\\u12\"", "\"\\x\"", "01",
                           "1.", "-", "+1", "nul", "{} x", "\"\n\"", "1e", "[,]"}) {
    INFO(text);
    CHECK_FALSE(decode_json(text));
  }
  CHECK_FALSE(decode_json(std::string(100'000, '[')));
}

TEST_CASE("JSON that is cut off anywhere is an error, never a value and never a crash") {
  const std::string whole = R"({"a": [1, -2.5e3, true, null, "x\u00e9\n"], "b": {"c": "d"}})";
  REQUIRE(decode_json(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK_FALSE(decode_json(whole.substr(0, length)));
  }
}
