#include <catch2/catch.hpp>

#include "providers/genesys/basic_authorization.hpp"
#include "providers/genesys/foreign_text.hpp"
#include "providers/genesys/json_text.hpp"
#include "providers/genesys/patch_body.hpp"
#include "providers/genesys/service_error.hpp"

using namespace trunkform;
using namespace trunkform::genesys;

TEST_CASE("foreign text cannot move a cursor, turn text round, end the quotes or flood the message") {
  CHECK(quoted("plain ü") == "\"plain ü\"");
  CHECK(quoted("a\x1b[31m\r\nb") == R"("a\x1b[31m\x0d\nb")");
  CHECK(quoted("a\"b\\") == R"("a\"b\\")");
  CHECK(quoted("\xe2\x80\xae") == R"("\xe2\x80\xae")");
  CHECK(quoted("\xff\xc3") == R"("\xff\xc3")");
  CHECK(quoted("\xc0\xaf") == R"("\xc0\xaf")");
  CHECK(quoted("\xc2\x9b") == R"("\xc2\x9b")");
  CHECK(quoted(std::string(1000, 'x')).size() < 220);
}

TEST_CASE("the PATCH body is tls with exactly two strings, escaped") {
  KeyPair pair{nullptr, "A\nB\"\\\x01\r\t", SecretBuffer::copy_of("K\nEY")};
  CHECK(patch_body(pair).view() == R"({"tls":{"certificate":"A\nB\"\\\u0001\r\t","privateKey":"K\nEY"}})");
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

TEST_CASE("each word of the guide is explained, with the service's message and correlation id beside it") {
  for (const auto* words :
       {"Invalid key format", "certificate chain incomplete", "certificate expired", "TLS handshake failed"}) {
    HttpResponse response;
    response.status = 400;
    response.headers = {{"inin-correlation-id", "corr-1"}};
    response.body = std::string(R"({"message":")") + words + R"(","code":"bad.request","status":400})";
    const auto error = answered_error({"PATCH", "/x"}, response);
    INFO(error.summary);
    CHECK(error.code == ErrorCode::rejected);
    CHECK(error.summary == std::string("PATCH /x answered 400: \"") + words + "\" (correlation id \"corr-1\")");
    CHECK_FALSE(error.detail.empty());
    CHECK(error.hints.size() == 1);
  }
}

TEST_CASE("a version conflict is a 409, or a 400 that says so, and no other 400") {
  CHECK(is_version_conflict(409, ""));
  CHECK(is_version_conflict(400, "The version 3 does not match the current version 4"));
  CHECK_FALSE(is_version_conflict(400, "Invalid key format"));
  CHECK_FALSE(is_version_conflict(400, "the key does not match the certificate"));
  CHECK_FALSE(is_version_conflict(500, "version does not match"));
}

TEST_CASE("permissions are named after the method, and a redirect after where it wanted to lead") {
  HttpResponse response;
  response.status = 403;
  CHECK(answered_error({"GET", "/x"}, response).hints.at(0).find("Trunk > View") != std::string::npos);
  CHECK(answered_error({"PATCH", "/x"}, response).hints.at(0).find("Trunk > Edit") != std::string::npos);
  response.status = 302;
  response.headers = {{"Location", "https://login\x1b.example.com"}};
  const auto error = answered_error({"GET", "/x"}, response);
  CHECK(error.code == ErrorCode::protocol);
  CHECK(error.summary.find(R"("https://login\x1b.example.com")") != std::string::npos);
}
