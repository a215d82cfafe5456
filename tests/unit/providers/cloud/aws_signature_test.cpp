// Signatures that AWS has published: its test suite of Signature Version 4, the IAM User Guide's example, and S3's
// "Examples: Signature Calculations". More, and odder ones, are compared with botocore: tests/integration/aws_sigv4.sh.
#include <catch2/catch.hpp>

#include "providers/cloud/aws/signature.hpp"

using namespace trunkform;
using namespace trunkform::cloud::aws;

namespace {

Credentials example(const std::string& id, const std::string& secret) {
  Credentials credentials;
  credentials.access_key_id = id;
  credentials.secret_access_key = SecretBuffer::copy_of(secret);
  return credentials;
}

std::string authorization(const Signable& request, const Credentials& credentials, const Scope& scope,
                          const std::string& when) {
  return std::string(sign(request, credentials, scope, *parse_rfc3339(when)).authorization.view());
}

}  // namespace

TEST_CASE("the signatures of the published test suite come out") {
  const auto signature_of = [](const Signable& request) {
    const auto text = authorization(request, example("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                                    {"us-east-1", "service", PathRule::encoded_again}, "2015-08-30T12:36:00Z");
    CHECK(
        text.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                         "SignedHeaders=host;x-amz-date, Signature="));
    return text.substr(text.rfind('=') + 1);
  };
  const std::string host = "example.amazonaws.com";
  CHECK(signature_of({"GET", host, "/"}) == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK(signature_of({"GET", host, ""}) == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK(signature_of({"GET", host, "/example/.."}) ==
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK(signature_of({"GET", host, "//"}) == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK(signature_of({"GET", host, "/", {{"Param2", "value2"}, {"Param1", "value1"}}}) ==
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  CHECK(signature_of({"POST", host, "/"}) == "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
}

TEST_CASE("the IAM User Guide's example comes out whole") {
  Signable request{"GET", "iam.amazonaws.com", "/", {{"Action", "ListUsers"}, {"Version", "2010-05-08"}}};
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  CHECK(authorization(request, example("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                      {"us-east-1", "iam", PathRule::encoded_again}, "2015-08-30T12:36:00Z") ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST_CASE("S3's examples come out: the path as it is sent, the body's digest in a header") {
  const auto signature_of = [](Signable request) {
    request.host = "examplebucket.s3.amazonaws.com";
    const auto text =
        authorization(request, example("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                      {"us-east-1", "s3", PathRule::as_sent}, "2013-05-24T00:00:00Z");
    CHECK(text.find("x-amz-content-sha256") != std::string::npos);
    return text.substr(text.rfind('=') + 1);
  };
  CHECK(signature_of({"GET", {}, "/test.txt", {}, {{"Range", "bytes=0-9"}}}) ==
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  CHECK(signature_of({"GET", {}, "/", {{"lifecycle", ""}}}) ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(signature_of({"PUT",
                      {},
                      "/test%24file.text",
                      {},
                      {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                      "Welcome to Amazon S3."}) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST_CASE("a session token is signed, and blanks around and within a value count once") {
  auto credentials = example("AKIDEXAMPLE", "secret");
  const Scope scope{"us-east-1", "service", PathRule::encoded_again};
  const auto of = [&](const std::string& value) {
    return authorization({"GET", "h", "/", {}, {{"X-One", value}}}, credentials, scope, "2015-08-30T12:36:00Z");
  };
  const auto plain = of("a b c");
  CHECK(of("  a \t b   c ") == plain);
  CHECK(of("a b d") != plain);
  credentials.session_token = SecretBuffer::copy_of("token");
  const auto with_token = of("a b c");
  CHECK(with_token.find("SignedHeaders=host;x-amz-date;x-amz-security-token;x-one,") != std::string::npos);
  credentials.session_token = SecretBuffer::copy_of("another");
  CHECK(of("a b c") != with_token);
}
