// What Certificate Manager answers, and what becomes of it: the answers are scripted; see
// tests/integration/source_acm.sh.
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/sources/acm/source.hpp"
#include "tests/unit/providers/sources/aws_bench.hpp"
#include "tests/unit/providers/sources/folder.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::sources;
using platform::http_response;
using samples::must;
using samples::renewal;

namespace {

const std::string k_arn = "arn:aws:acm:eu-central-1:1:certificate/abc";

struct AcmBench : AwsBench {
  samples::Renewal pair = renewal(0);
  std::string details =
      R"("Status":"ISSUED","Type":"AMAZON_ISSUED","Options":{"Export":"ENABLED"},"IssuedAt":1795800000)";
  std::string passphrase;

  AcmSource source(AcmPlace place = {k_arn, {}}) { return {client, std::move(place)}; }
  std::string chain() const { return pair.chain_pem.substr(pair.leaf.pem.size()); }
  std::string certificates() const {
    return R"("Certificate":)" + json_text(pair.leaf.pem) + R"(,"CertificateChain":)" + json_text(chain());
  }
  void serve_all() {
    serve([this](const std::string& operation, const std::string& body) -> platform::HttpAnswer {
      if (operation == "DescribeCertificate") return http_response(200, "{\"Certificate\":{" + details + "}}");
      if (operation == "GetCertificate") return http_response(200, "{" + certificates() + "}");
      if (operation != "ExportCertificate") return refusal(400, "ValidationException", operation);
      auto json = cloud::SecretJson(SecretBuffer::copy_of(body));
      passphrase = std::string(cloud::secret_from_base64(json.text({"Passphrase"}).value_or(""))->view());
      return http_response(200, "{" + certificates() + R"(,"PrivateKey":)" +
                                    json_text(pair.leaf.key.text(testing::KeyForm::encrypted_pkcs8, passphrase)) + "}");
    });
  }
};

}  // namespace

TEST_CASE("a certificate is described without its key, and exported under a passphrase that is new each time") {
  AcmBench bench;
  bench.serve_all();
  auto source = bench.source();
  CHECK(source.capability() == Capability::sealed);
  const auto described = must(source.describe(k_any, {}, {}));
  CHECK(described.certificates_pem == bench.pair.chain_pem);
  CHECK(described.since == Instant(1795800000s));
  CHECK_FALSE(described.no_key);
  CHECK(bench.operations() == std::vector<std::string>{"DescribeCertificate", "GetCertificate"});

  const auto fetched = must(source.fetch(k_any, described.version));
  CHECK(fetched.certificates_pem == bench.pair.chain_pem);
  CHECK(fetched.private_key.view() == bench.pair.leaf.key.text());
  const auto first = bench.passphrase;
  CHECK(first.size() == 64);
  CHECK(first.find_first_of("#$%") == std::string::npos);
  REQUIRE(source.fetch(k_any, described.version));
  CHECK(bench.passphrase != first);
  for (const auto& request : bench.http.sent()) CHECK(request.secret);
}

TEST_CASE("a renewal replaces what was there: another version, and no way back") {
  AcmBench bench;
  bench.serve_all();
  auto source = bench.source();
  const auto before = must(source.describe(k_any, {}, {})).version;
  CHECK(must(source.describe(k_any, {}, before)).unchanged);
  bench.pair = renewal(1);
  const auto versions = must(source.versions(k_any));
  REQUIRE(versions.size() == 1);
  CHECK(versions[0].id != before);
  for (const auto& error : {source.fetch(k_any, before).error(), source.describe(k_any, before, {}).error()}) {
    CHECK(error.code == ErrorCode::not_found);
    CHECK(error.detail.find("ACM keeps one certificate under an ARN, the newest") != std::string::npos);
  }
}

TEST_CASE("what cannot be exported is told by the plan, with what to do") {
  AcmBench bench;
  bench.serve_all();
  std::string hint;
  SECTION("imported") {
    bench.details = R"("Status":"ISSUED","Type":"IMPORTED")";
    hint = "take it from where it was imported from: pem_files, aws_secretsmanager, vault_kv";
  }
  SECTION("requested without export") {
    bench.details =
        R"("Status":"ISSUED","Type":"AMAZON_ISSUED","DomainName":"sip.example.com","Options":{"Export":"DISABLED"})";
    hint =
        "request another one: aws acm request-certificate --domain-name sip.example.com --validation-method DNS "
        "--options Export=ENABLED";
  }
  auto source = bench.source();
  const auto described = must(source.describe(k_any, {}, {}));
  REQUIRE(described.no_key);
  CHECK(described.no_key->hints.front() == hint);
  CHECK_FALSE(source.fetch(k_any, described.version));
  CHECK(bench.passphrase.empty());
}

TEST_CASE("a private certificate is exported whatever its options say") {
  AcmBench bench;
  bench.details = R"("Status":"ISSUED","Type":"PRIVATE")";
  bench.serve_all();
  CHECK_FALSE(must(bench.source().describe(k_any, {}, {})).no_key);
}

TEST_CASE("a certificate that is not issued says what its status means") {
  AcmBench bench;
  bench.serve_all();
  const auto [status, words] =
      GENERATE(table<std::string, std::string>({{"PENDING_VALIDATION", "not validated yet"},
                                                {"EXPIRED", "it has expired"},
                                                {"REVOKED", "it was revoked"},
                                                {"FAILED", "it was not issued: \"CAA_ERROR\""}}));
  bench.details = R"("Status":")" + status + R"(","FailureReason":"CAA_ERROR")";
  const auto described = bench.source().describe(k_any, {}, {});
  REQUIRE_FALSE(described);
  CHECK(described.error().code == ErrorCode::not_found);
  CHECK(described.error().detail.find(words) != std::string::npos);
  CHECK(bench.operations().size() == 1);
}

TEST_CASE("a domain leads to the one certificate that has it, over all pages and key types") {
  AcmBench bench;
  std::string second =
      R"({"CertificateArn":")" + k_arn + R"(","DomainName":"x","SubjectAlternativeNameSummaries":["sip.example.com"]})";
  SECTION("one") {}
  SECTION("two") { second += R"(,{"CertificateArn":"arn:b","DomainName":"sip.example.com"})"; }
  SECTION("none") { second = R"({"CertificateArn":"arn:c","DomainName":"*.example.com"})"; }
  bench.serve([&](const std::string& operation, const std::string& body) -> platform::HttpAnswer {
    if (operation == "DescribeCertificate") return http_response(200, "{\"Certificate\":{" + bench.details + "}}");
    if (operation == "GetCertificate") return http_response(200, "{" + bench.certificates() + "}");
    CHECK(body.find("EC_prime256v1") != std::string::npos);
    CHECK(cloud::SecretJson(SecretBuffer::copy_of(body)).texts({"Includes", "keyTypes"}).size() == 7);
    if (body.find("NextToken") == std::string::npos)
      return http_response(
          200, R"({"CertificateSummaryList":[{"CertificateArn":"arn:a","DomainName":"a"}],"NextToken":"2"})");
    return http_response(200, R"({"CertificateSummaryList":[)" + second + "]}");
  });
  auto source = bench.source({{}, "sip.example.com"});
  const auto described = source.describe(k_any, {}, {});
  if (second.find("arn:b") != std::string::npos) {
    CHECK(described.error().summary == "ACM has 2 issued certificates for \"sip.example.com\"");
    CHECK(described.error().detail == k_arn + ", arn:b");
  } else if (second.find("arn:c") != std::string::npos) {
    CHECK(described.error().code == ErrorCode::not_found);
  } else {
    REQUIRE(described);
    REQUIRE(source.describe(k_any, {}, {}));
    CHECK(bench.operations().size() == 6);  // it is looked up once
  }
}

TEST_CASE("a list that ends early, or never, is an error") {
  AcmBench bench;
  const std::string page = R"({"CertificateSummaryList":[{"CertificateArn":")" + k_arn +
                           R"(","DomainName":"sip.example.com"}],"NextToken":"t"})";
  bench.http.push(200, page);
  SECTION("refused") { bench.http.push(refusal(400, "InvalidArgsException", "the token is too old")); }
  SECTION("the same page again") { bench.http.push(200, page); }
  SECTION("something else") { bench.http.push(200, "[]"); }
  CHECK_FALSE(bench.source({{}, "sip.example.com"}).describe(k_any, {}, {}));
  CHECK(bench.operations() == std::vector<std::string>{"ListCertificates", "ListCertificates"});  // none is taken
}

TEST_CASE("an export with the key of another certificate, or none, gives no key that fits") {
  AcmBench bench;
  std::string key;
  SECTION("none") {}
  SECTION("no PEM") { key = R"(,"PrivateKey":"canary")"; }
  SECTION("under another passphrase") {
    key = R"(,"PrivateKey":)" + json_text(bench.pair.leaf.key.text(testing::KeyForm::encrypted_pkcs8, "another"));
  }
  bench.serve([&](const std::string& operation, const std::string&) {
    if (operation == "DescribeCertificate") return http_response(200, "{\"Certificate\":{" + bench.details + "}}");
    return http_response(200, "{" + bench.certificates() + (operation == "GetCertificate" ? "" : key) + "}");
  });
  auto source = bench.source();
  const auto version = must(source.describe(k_any, {}, {})).version;
  const auto fetched = source.fetch(k_any, version);
  REQUIRE_FALSE(fetched);
  CHECK(to_line(fetched.error()).find("canary") == std::string::npos);
}
