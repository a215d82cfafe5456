#include "providers/cloud/secret_json.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::cloud;

TEST_CASE("a secret string is found at its path, with its escapes resolved") {
  const auto find = [](std::string_view json) -> std::string {
    const auto found = SecretJson(SecretBuffer::copy_of(json)).secret({"data", "data", "key"});
    return found ? std::string(found->view()) : "(none)";
  };
  const auto in = [](const std::string& value) {
    return R"({"lease":0, "data" : {"metadata":{"key":"other"},"data":{"cert":"x\\","key": )" + value +
           R"( ,"z":[1]}}})";
  };
  CHECK(find(in(R"("-----BEGIN\nabc\r\n")")) == "-----BEGIN\nabc\r\n");
  CHECK(find(in(R"("\"\\\/\b\f\t\u0041\u00e9\u20ac\ud83d\ude00")")) == "\"\\/\b\f\tA\u00e9\u20ac\U0001F600");
  CHECK(find(in(R"("é")")) == "é");
  CHECK(find(in(R"("")")).empty());
  for (const auto* value : {R"("\ud83d")", R"("\ud83d\u0041")", R"("\ude00")", R"("\u00g0")", R"("\x")", "\"a\nb\"",
                            "1", "null", "{}", R"(["a"])", R"("a)"}) {
    INFO(value);
    CHECK(find(in(value)) == "(none)");
  }
  for (const auto* json :
       {"", "{}", "[]", R"({"data":"x"})", R"({"data":{"data":null}})", R"({"data":{"data":"key"}})"})
    CHECK(find(json) == "(none)");
}

TEST_CASE("what is no secret is read by its type, in any order, and what is not there is none") {
  const auto json = SecretBuffer::copy_of(
      R"({"auth":{"lease_duration":3600,"renewable":true,"metadata":{"a b":"x","c":null}},"errors":["one",2,"tw\u006f"]})");
  SecretJson document(json);
  CHECK(document.texts({"errors"}) == std::vector<std::string>{"one", "two"});
  CHECK(document.number({"auth", "lease_duration"}) == 3600);
  CHECK(document.flag({"auth", "renewable"}) == true);
  CHECK(document.text({"auth", "metadata", "a b"}) == "x");
  CHECK(document.names({"auth", "metadata"}) == std::vector<std::string>{"a b", "c"});
  CHECK(document.names({}) == std::vector<std::string>{"auth", "errors"});
  CHECK_FALSE(document.number({"auth", "renewable"}));
  CHECK_FALSE(document.flag({"auth", "lease_duration"}));
  CHECK_FALSE(document.text({"auth", "metadata", "c"}));
  CHECK_FALSE(document.text({"auth", "metadata", "c", "d"}));
  CHECK(document.names({"errors"}).empty());
  CHECK(document.texts({"auth"}).empty());
  SecretJson broken(SecretBuffer::copy_of("<html>"));
  CHECK(broken.names({}).empty());
  CHECK_FALSE(broken.text({"a"}));
}
