#include <catch2/catch.hpp>

#include "providers/cloud/basic_authorization.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/json_text.hpp"

using namespace trunkform;
using namespace trunkform::cloud;

TEST_CASE("foreign text cannot move a cursor, turn text round, end the quotes or flood the message") {
  CHECK(cloud::quoted("plain ü") == "\"plain ü\"");
  CHECK(cloud::quoted("a\x1b[31m\r\nb") == R"("a\x1b[31m\x0d\nb")");
  CHECK(cloud::quoted("a\"b\\") == R"("a\"b\\")");
  // NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is not to pass
  CHECK(cloud::quoted("\xe2\x80\xae") == R"("\xe2\x80\xae")");
  CHECK(cloud::quoted("\xff\xc3") == R"("\xff\xc3")");
  CHECK(cloud::quoted("\xc0\xaf") == R"("\xc0\xaf")");
  CHECK(cloud::quoted("\xc2\x9b") == R"("\xc2\x9b")");
  CHECK(cloud::quoted(std::string(1000, 'x')).size() < 220);
}

TEST_CASE("Basic authorization is the base64 of RFC 4648 with every kind of padding") {
  CHECK(basic_authorization("Aladdin", SecretBuffer::copy_of("open sesame")).view() ==
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(basic_authorization("a", SecretBuffer::copy_of("b")).view() == "Basic YTpi");
  CHECK(basic_authorization("a", SecretBuffer::copy_of("bc")).view() == "Basic YTpiYw==");
  CHECK(basic_authorization("a", SecretBuffer::copy_of("bcd")).view() == "Basic YTpiY2Q=");
  CHECK(basic_authorization("", SecretBuffer()).view() == "Basic Og==");
}

TEST_CASE("a secret field is found whatever surrounds it, and only where it is a plain token") {
  const auto find = [](std::string_view json) {
    return std::string(secret_field(SecretBuffer::copy_of(json), "access_token").view());
  };
  CHECK(find(R"({"expires_in":1,"access_token" : "abc-DEF_1.2" ,"x":{}})") == "abc-DEF_1.2");
  CHECK(find(R"({"access_token":"abc"})") == "abc");
  for (const auto* json : {"", "{", "[]", "<html>", R"({"access_token":1})", R"({"access_token":null})",
                           R"({"access_token":""})", R"({"access_token":"a\nb"})", R"({"access_token":"a b"})",
                           R"({"access_token":{}})", R"({"token":"a"})", R"({"access_token":"a)"}) {
    INFO(json);
    CHECK(find(json).empty());
  }
}
