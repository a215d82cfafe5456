// What Secrets Manager answers, and what becomes of it: the answers are scripted; real ones are those of
// tests/integration/source_aws_secretsmanager.sh.
#include "providers/sources/aws_secretsmanager/source.hpp"
#include "providers/x509/certificates.hpp"
#include "schemas/codec/base64.hpp"
#include "tests/support/pkcs12_factory.hpp"
#include "tests/unit/providers/sources/aws_bench.hpp"
#include "tests/unit/providers/sources/folder.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::sources;
using platform::http_response;
using samples::must;
using samples::renewal;

namespace {

std::string metadata(const std::string& stages = R"({"v2":["AWSCURRENT"],"v1":["AWSPREVIOUS"]})") {
  return R"({"ARN":"arn:aws:secretsmanager:eu-central-1:1:secret:sip/east-abcdef","Name":"sip/east","VersionIdsToStages":)" +
         stages + "}";
}
std::string value_of(const std::string& content, const std::string& version = "v2") {
  return R"({"Name":"sip/east","VersionId":")" + version + R"(","CreatedDate":1.7958e9,"SecretString":)" +
         json_text(content) + "}";
}
std::string fields_of(const samples::Renewal& pair) {
  return R"({"certificate":)" + json_text(pair.chain_pem) + R"(,"private_key":)" + json_text(pair.leaf.key.text()) +
         R"(,"note":"x"})";
}

struct SecretBench : AwsBench {
  samples::Renewal pair = renewal(0);
  AwsSecretsManagerSource source(AwsSecretPlace place = {"sip/east"}) { return {client, std::move(place)}; }
};

}  // namespace

TEST_CASE("the metadata say which version is offered, and that very one is read") {
  SecretBench bench;
  bench.serve([&](const std::string& operation, const std::string& body) {
    if (operation == "DescribeSecret") return http_response(200, metadata());
    CHECK(body == R"({"SecretId":"sip/east","VersionId":"v2"})");
    return http_response(200, value_of(fields_of(bench.pair)));
  });
  auto source = bench.source();
  CHECK(source.capability() == Capability::opaque);
  const auto described = must(source.describe(k_any, {}, {}));
  CHECK(described.version.value == "v2");
  CHECK(described.certificates_pem == bench.pair.chain_pem);
  CHECK(described.since == Instant(1795800000s));
  CHECK_FALSE(described.no_key);
  const auto fetched = must(source.fetch(k_any, {"v2"}));
  CHECK(fetched.certificates_pem == bench.pair.chain_pem);
  CHECK(fetched.private_key.view() == bench.pair.leaf.key.text());
  CHECK(bench.operations() == std::vector<std::string>{"DescribeSecret", "GetSecretValue", "GetSecretValue"});
  const auto sent = bench.http.sent()[0];
  CHECK(sent.url == "https://secretsmanager.eu-central-1.amazonaws.com/");
  CHECK(sent.secret_headers.at(0).value == "canary-session");
  CHECK(sent.authorization.find("x-amz-security-token") != std::string::npos);
}

TEST_CASE("a version that is known already is not read again") {
  SecretBench bench;
  bench.http.push(200, metadata());
  const auto described = must(bench.source().describe(k_any, {}, VersionId{"v2"}));
  CHECK(described.unchanged);
  CHECK(bench.operations() == std::vector<std::string>{"DescribeSecret"});
}

TEST_CASE("a pinned version is read, and a stage's version is looked up") {
  SecretBench bench;
  AwsSecretPlace place{"sip/east"};
  std::string wanted;
  SECTION("the stage") {
    place.stage = "AWSPREVIOUS";
    wanted = "v1";
  }
  SECTION("the id") {
    place.version = "v0";
    wanted = "v0";
  }
  bench.serve([&](const std::string& operation, const std::string& body) {
    if (operation == "DescribeSecret") return http_response(200, metadata());
    CHECK(body == R"({"SecretId":"sip/east","VersionId":")" + wanted + "\"}");
    return http_response(200, value_of(fields_of(bench.pair), wanted));
  });
  CHECK(must(bench.source(place).describe(k_any, {}, {})).version.value == wanted);
}

TEST_CASE("what keeps a secret from being offered is told with what to do") {
  SecretBench bench;
  AwsSecretPlace place{"sip/east"};
  std::string answer = metadata(), summary, hint;
  SECTION("the stage is nowhere") {
    place.stage = "BLUE";
    summary = R"(no version of the secret "sip/east" has the stage "BLUE")";
    hint = "write another version_stage, or leave it out";
  }
  SECTION("nothing was written yet") {
    answer = metadata("{}");
    summary = R"(no version of the secret "sip/east" has the stage "AWSCURRENT")";
    hint =
        "write a chain and its key to it: aws secretsmanager put-secret-value --secret-id sip/east --secret-string "
        "file://pair.json";
  }
  SECTION("it was deleted") {
    answer = R"({"DeletedDate":1795800000,"VersionIdsToStages":{"v2":["AWSCURRENT"]}})";
    summary = R"(the secret "sip/east" is deleted, or about to be (DeletedDate 2026-11-27T17:20:00Z))";
    hint = "bring it back: aws secretsmanager restore-secret --secret-id sip/east";
  }
  bench.http.push(200, answer);
  const auto described = bench.source(place).describe(k_any, {}, {});
  REQUIRE_FALSE(described);
  CHECK(described.error().code == ErrorCode::not_found);
  CHECK(described.error().summary == summary);
  CHECK(described.error().hints.front() == hint);
}

TEST_CASE("who may read the secret alone reads it to learn its version") {
  SecretBench bench;
  bench.serve([&](const std::string& operation, const std::string& body) {
    if (operation != "GetSecretValue")
      return refusal(400, "AccessDeniedException", "User x is not authorized to perform: secretsmanager:" + operation);
    CHECK(body == R"({"SecretId":"sip/east","VersionStage":"AWSCURRENT"})");
    return http_response(200, value_of(fields_of(bench.pair), "v7"));
  });
  auto source = bench.source();
  CHECK(must(source.describe(k_any, {}, {})).version.value == "v7");
  const auto versions = source.versions(k_any);
  REQUIRE_FALSE(versions);
  CHECK(versions.error().code == ErrorCode::denied);
}

TEST_CASE("a secret that is written while it is read gives one version or none, never a mixture") {
  SecretBench bench;
  bench.serve([&](const std::string& operation, const std::string&) {
    return http_response(200, operation == "DescribeSecret" ? metadata() : value_of(fields_of(bench.pair), "v3"));
  });
  auto source = bench.source();
  CHECK(source.describe(k_any, {}, {}).error().code == ErrorCode::conflict);
  const auto fetched = source.fetch(k_any, {"v2"});
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ErrorCode::conflict);
  CHECK(fetched.error().detail == "v2 was asked for, \"v3\" came");
}

TEST_CASE("PEM text and binaries are taken, the key only by fetch") {
  SecretBench bench;
  const auto pem = bench.pair.leaf.key.text() + bench.pair.chain_pem;
  std::string answer = value_of(pem);
  SECTION("text") {}
  SECTION("binary") { answer = R"({"VersionId":"v2","SecretBinary":")" + encode_base64(pem) + "\"}"; }
  SECTION("binary JSON") {
    answer = R"({"VersionId":"v2","SecretBinary":")" + encode_base64(fields_of(bench.pair)) + "\"}";
  }
  bench.serve([&](const std::string& operation, const std::string&) {
    return http_response(200, operation == "DescribeSecret" ? metadata() : answer);
  });
  auto source = bench.source();
  const auto described = must(source.describe(k_any, {}, {}));
  CHECK(described.certificates_pem.find("PRIVATE") == std::string::npos);
  CHECK(described.certificates_pem.find(bench.pair.leaf.pem) != std::string::npos);
  CHECK_FALSE(described.no_key);
  const auto key = must(source.fetch(k_any, {"v2"})).private_key;
  CHECK(key.view().find("PRIVATE KEY") != std::string_view::npos);
  CHECK(key.view().find("CERTIFICATE") == std::string_view::npos);
}

TEST_CASE("PKCS #12 is read with its passphrase, and a plan leaves the key's bag closed") {
  SecretBench bench;
  testing::Pkcs12Request form;
  const bool has_passphrase = GENERATE(false, true);
  if (has_passphrase) form.password = "canary-passphrase";
  const auto file = testing::make_pkcs12(bench.pair.leaf, &bench.pair.leaf.key, form);
  bench.serve([&](const std::string& operation, const std::string&) {
    return http_response(200, operation == "DescribeSecret"
                                  ? metadata()
                                  : R"({"VersionId":"v2","SecretBinary":")" + encode_base64(file) + "\"}");
  });
  AwsSecretsManagerSource source(bench.client, {"sip/east"}, [&]() -> Result<SecretBuffer> {
    return SecretBuffer::copy_of(has_passphrase ? "canary-passphrase" : "");
  });
  const auto described = must(source.describe(k_any, {}, {}));
  CHECK(described.certificates_pem.find("PRIVATE") == std::string::npos);
  CHECK(samples::must(x509::parse_certificates(described.certificates_pem)).front().der == bench.pair.leaf.der);
  CHECK_FALSE(described.no_key);
  CHECK(must(source.fetch(k_any, {"v2"})).private_key.view().find("PRIVATE KEY") != std::string_view::npos);
  if (!has_passphrase) return;
  AwsSecretsManagerSource wrong(bench.client, {"sip/east"});
  const auto refused = wrong.describe(k_any, {}, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().summary.starts_with(R"(the secret "sip/east": )"));
  CHECK(to_line(refused.error()).find("canary") == std::string::npos);
}

TEST_CASE("wrong content is told without a word of it") {
  SecretBench bench;
  std::string content, words;
  SECTION("a password") {
    content = "canary-password";
    words = "is neither JSON nor PEM nor PKCS #12";
  }
  SECTION("other fields") {
    content = R"({"username":"x","password":"canary-password"})";
    words = R"(has no field "certificate" with text: it has "password", "username")";
  }
  SECTION("a number for a certificate") {
    content = R"({"certificate":1,"private_key":"canary-password"})";
    words = R"(has no field "certificate" with text)";
  }
  SECTION("no JSON after all") {
    content = R"({"certificate":"canary-password)";
    words = R"(has no field "certificate" with text)";
  }
  SECTION("no base64") { words = "has neither SecretString nor SecretBinary"; }
  bench.serve([&](const std::string& operation, const std::string&) {
    if (operation == "DescribeSecret") return http_response(200, metadata());
    return http_response(
        200, content.empty() ? R"({"VersionId":"v2","SecretBinary":"canary*password"})" : value_of(content));
  });
  const auto described = bench.source().describe(k_any, {}, {});
  REQUIRE_FALSE(described);
  const auto text = to_line(described.error());
  INFO(text);
  CHECK(text.find(words) != std::string::npos);
  CHECK(text.find("canary") == std::string::npos);
}

TEST_CASE("a missing key is told by the plan, and by fetch") {
  SecretBench bench;
  bench.serve([&](const std::string& operation, const std::string&) {
    return http_response(200, operation == "DescribeSecret"
                                  ? metadata()
                                  : value_of(R"({"certificate":)" + json_text(bench.pair.chain_pem) + "}"));
  });
  auto source = bench.source();
  const auto described = must(source.describe(k_any, {}, {}));
  REQUIRE(described.no_key);
  CHECK(described.no_key->summary == R"(the secret "sip/east" has no field "private_key" with text)");
  CHECK_FALSE(source.fetch(k_any, {"v2"}));
}

TEST_CASE("versions come by their labels and dates, over all pages") {
  SecretBench bench;
  bench.serve([&](const std::string& operation, const std::string& body) {
    CHECK(operation == "ListSecretVersionIds");
    const std::string one = R"({"VersionId":"old","CreatedDate":100},{"VersionId":"older","CreatedDate":50})";
    const std::string two = R"({"VersionId":"p","VersionStages":["AWSPREVIOUS"],"CreatedDate":300},
      {"VersionId":"n","VersionStages":["AWSPENDING"],"CreatedDate":500},
      {"VersionId":"c","VersionStages":["AWSCURRENT"],"CreatedDate":200})";
    if (body == R"({"IncludeDeprecated":true,"SecretId":"sip/east"})")
      return http_response(200, R"({"Versions":[)" + one + R"(],"NextToken":"a/\"b"})");
    CHECK(body == R"({"IncludeDeprecated":true,"SecretId":"sip/east","NextToken":"a/\"b"})");
    return http_response(200, R"({"Versions":[)" + two + "]}");
  });
  const auto versions = must(bench.source().versions(k_any));
  std::vector<std::string> ids;
  for (const auto& version : versions) ids.push_back(version.id.value);
  CHECK(ids == std::vector<std::string>{"c", "p", "n", "old", "older"});
  CHECK(versions[0].created == Instant(200s));
  CHECK(versions[2].status == VersionStatus::disabled);
  CHECK(versions[3].status == VersionStatus::usable);
}

TEST_CASE("pages that end early, or never, are an error and no short list") {
  SecretBench bench;
  const std::string page = R"({"Versions":[{"VersionId":"c","VersionStages":["AWSCURRENT"]}],"NextToken":"t"})";
  bench.http.push(200, page);
  SECTION("refused") { bench.http.push(refusal(400, "InvalidNextTokenException", "the token is too old")); }
  SECTION("the same page again") { bench.http.push(200, page); }
  SECTION("something else") { bench.http.push(200, "{}"); }
  SECTION("cut") { bench.http.push(200, page.substr(0, 20)); }
  CHECK_FALSE(bench.source().versions(k_any));
}

TEST_CASE("without the right to list them the labelled versions are known") {
  SecretBench bench;
  bench.serve([&](const std::string& operation, const std::string&) {
    if (operation == "DescribeSecret") return http_response(200, metadata());
    return refusal(400, "AccessDeniedException", "not authorized");
  });
  const auto versions = must(bench.source().versions(k_any));
  REQUIRE(versions.size() == 2);
  CHECK(versions[0].id.value == "v2");
  CHECK(versions[1].id.value == "v1");
}

TEST_CASE("throttling and what passes are waited for, in every form that AWS says it in") {
  SecretBench bench;
  int left = 2;
  const auto answer = GENERATE(0, 1, 2, 3, 4, 5);
  bench.serve([&](const std::string& operation, const std::string&) -> platform::HttpAnswer {
    if (left-- > 0) switch (answer) {
        case 0:
          return refusal(400, "ThrottlingException", "Rate exceeded");
        case 1:
          return refusal(429, "TooManyRequestsException", "slow down", {{"Retry-After", "7"}});
        case 2:
          return http_response(429, "");
        case 3:
          return http_response(503, "<html>busy</html>");
        case 4:
          return refusal(500, "InternalServiceError", "an error occurred on the server side");
        default:
          return http_response(400,
                               "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message>"
                               "</Error></ErrorResponse>");
      }
    return http_response(200, operation == "DescribeSecret" ? metadata() : value_of(fields_of(bench.pair)));
  });
  const auto begun = bench.clock.monotonic();
  REQUIRE(bench.source().describe(k_any, {}, {}));
  if (answer == 1) CHECK(bench.clock.monotonic() - begun >= 14s);
  CHECK(bench.operations().size() == 4);
}

TEST_CASE("a refusal is told once, with AWS's code, words and request id, and no secret of ours") {
  SecretBench bench;
  int status = 0;
  std::string code;
  ErrorCode expected{};
  std::tie(status, code, expected) =
      GENERATE(std::make_tuple(400, std::string("AccessDeniedException"), ErrorCode::denied),
               std::make_tuple(400, std::string("ResourceNotFoundException"), ErrorCode::not_found),
               std::make_tuple(400, std::string("InvalidRequestException"), ErrorCode::rejected),
               std::make_tuple(400, std::string("DecryptionFailure"), ErrorCode::rejected),
               std::make_tuple(403, std::string("SignatureDoesNotMatch"), ErrorCode::denied),
               std::make_tuple(403, std::string("Unknown"), ErrorCode::denied),
               std::make_tuple(404, std::string("Unknown"), ErrorCode::not_found));
  bench.serve([&](const std::string&, const std::string&) { return refusal(status, code, "as it \\u001b[31m is"); });
  const auto fetched = bench.source().fetch(k_any, {"v2"});
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == expected);
  const auto text = to_line(fetched.error());
  CHECK(text.find("secretsmanager GetSecretValue answered " + std::to_string(status) + " \"" + code + "\": \"as it ") !=
        std::string::npos);
  CHECK(text.find("request id \"the-id\"") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("canary") == std::string::npos);
  CHECK(bench.operations().size() == 1);
}

TEST_CASE("expired credentials are found again once, in JSON's words and in XML's") {
  SecretBench bench;
  const bool is_xml = GENERATE(false, true);
  const auto expired = [&]() -> platform::HttpAnswer {
    if (!is_xml) return refusal(400, "ExpiredTokenException", "The security token included in the request is expired");
    return http_response(403,
                         "<ErrorResponse><Errors><Error><Code>InvalidClientTokenId</Code><Message>The security "
                         "token included in the request is invalid.</Message></Error></Errors></ErrorResponse>");
  };
  bench.http.push(expired());
  SECTION("the new ones are good") {
    bench.http.push(200, value_of(fields_of(bench.pair)));
    CHECK(bench.source().fetch(k_any, {"v2"}));
    CHECK(bench.http.sent()[1].authorization.find("Credential=AKID2/") != std::string::npos);
  }
  SECTION("they are not") {
    bench.http.push(expired());
    const auto fetched = bench.source().fetch(k_any, {"v2"});
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == ErrorCode::denied);
  }
  CHECK(bench.credentials_found == 2);
  CHECK(bench.operations().size() == 2);
}

TEST_CASE("a whole ARN is asked in its own region") {
  SecretBench bench;
  bench.http.push(200, value_of(fields_of(bench.pair)));
  REQUIRE(bench.source({"arn:aws:secretsmanager:us-west-2:1:secret:x"}).fetch(k_any, {"v2"}));
  CHECK(bench.http.sent()[0].url == "https://secretsmanager.us-west-2.amazonaws.com/");
  CHECK(bench.http.sent()[0].authorization.find("/us-west-2/secretsmanager/") != std::string::npos);
}
