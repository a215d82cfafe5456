#include <catch2/catch.hpp>

#include "providers/genesys/patch_body.hpp"
#include "providers/genesys/service_error.hpp"

using namespace trunkform;
using namespace trunkform::genesys;

TEST_CASE("the PATCH body is tls with exactly two strings, escaped") {
  KeyPair pair{nullptr, "A\nB\"\\\x01\r\t", SecretBuffer::copy_of("K\nEY")};
  CHECK(patch_body(pair).view() == R"({"tls":{"certificate":"A\nB\"\\\u0001\r\t","privateKey":"K\nEY"}})");
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
