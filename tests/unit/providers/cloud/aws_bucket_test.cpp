// A bucket of S3: what is sent, and what its answers mean. That S3's side takes the signatures is in
// tests/integration/state_s3.
#include <algorithm>

#include <catch2/catch.hpp>

#include "providers/cloud/aws/bucket.hpp"
#include "providers/cloud/aws/signature.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "schemas/codec/digest.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud::aws;
using platform::http_response;

namespace {

struct Bench {
  platform::SimulatedClock clock{*parse_rfc3339("2026-11-28T08:00:00Z")};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  Context context;
  int found = 0;
  CredentialKeeper keeper{[this](const Context&) -> Result<Credentials> {
                            Credentials credentials;
                            credentials.access_key_id = "AKID" + std::to_string(++found);
                            credentials.secret_access_key = SecretBuffer::copy_of("canary-access-key");
                            return credentials;
                          },
                          clock};
  BucketOptions options{
      .region = "eu-central-1",
      .place = *bucket_place("https://s3.eu-central-1.amazonaws.com", "ops-state", BucketStyle::virtual_host)};

  Bucket open() { return {options, keeper, http, clock, random}; }
  std::string sent_header(const std::string& name) const {
    const auto request = http.sent().back();
    const auto at = std::find_if(request.headers.begin(), request.headers.end(),
                                 [&](const auto& header) { return header.name == name; });
    return at == request.headers.end() ? "" : at->value;
  }
  bool is_signed(const std::string& name) const {
    const auto text = http.sent().back().authorization;
    const auto names = text.substr(text.find("SignedHeaders="));
    return names.find("=" + name + ";") != std::string::npos || names.find(";" + name + ";") != std::string::npos ||
           names.find(";" + name + ",") != std::string::npos;
  }
};

std::string error_body(const std::string& code, const std::string& more = "") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code><Message>because</Message>" + more +
         "<RequestId>R1</RequestId></Error>";
}

template <class T>
Error error_of(const Result<T>& result) {
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("a conditional write carries its condition, and all that S3 looks at is signed") {
  Bench bench;
  bench.options.owner = [](const Context&) -> Result<std::string> { return std::string("123456789012"); };
  bench.options.encryption = "aws:kms";
  bench.options.kms_key_id = "alias/sip";
  auto bucket = bench.open();
  bench.http.push(200, "", {{"ETag", "\"e1\""}});
  const auto etag = bucket.put(bench.context, "sip/a b/events/7-1", "text", WriteCondition::absent());
  REQUIRE(etag);
  CHECK(*etag == "\"e1\"");
  const auto request = bench.http.sent().back();
  CHECK(request.method == "PUT");
  CHECK(request.url == "https://ops-state.s3.eu-central-1.amazonaws.com/sip/a%20b/events/7-1");
  CHECK(request.body == "text");
  CHECK(bench.sent_header("If-None-Match") == "*");
  CHECK(bench.sent_header("X-Amz-Content-Sha256") == sha256_hex("text"));
  CHECK(bench.sent_header("X-Amz-Expected-Bucket-Owner") == "123456789012");
  CHECK(bench.sent_header("X-Amz-Server-Side-Encryption") == "aws:kms");
  CHECK(bench.sent_header("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id") == "alias/sip");
  for (const auto* name : {"if-none-match", "x-amz-content-sha256", "x-amz-expected-bucket-owner", "host",
                           "x-amz-server-side-encryption", "x-amz-date"}) {
    INFO(name);
    CHECK(bench.is_signed(name));
  }
  CHECK(request.authorization.find("AKID1/20261128/eu-central-1/s3/aws4_request") != std::string::npos);
  bench.http.push(200, "", {{"ETag", "\"e2\""}});
  REQUIRE(bucket.put(bench.context, "k", "", WriteCondition::unchanged("\"e1\"")));
  CHECK(bench.sent_header("If-Match") == "\"e1\"");
  CHECK(bench.sent_header("If-None-Match").empty());
}

TEST_CASE("a bucket is in the host's name, or in the path where a certificate or an address would not have it") {
  const auto place = [](const std::string& endpoint, const std::string& bucket, BucketStyle style) {
    const auto found = bucket_place(endpoint, bucket, style);
    REQUIRE(found);
    return found->endpoint + found->path;
  };
  const std::string amazon = "https://s3.eu-central-1.amazonaws.com";
  CHECK(place(amazon, "ops-state", BucketStyle::virtual_host) == "https://ops-state.s3.eu-central-1.amazonaws.com");
  CHECK(place(amazon, "ops-state", BucketStyle::path) == amazon + "/ops-state");
  CHECK(place(amazon, "ops.state", BucketStyle::virtual_host) == amazon + "/ops.state");
  CHECK(place("http://127.0.0.1:7070", "ops-state", BucketStyle::virtual_host) == "http://127.0.0.1:7070/ops-state");
  CHECK(place("http://[::1]:7070", "ops-state", BucketStyle::virtual_host) == "http://[::1]:7070/ops-state");
  CHECK(place("https://gw.example.com/s3", "ops", BucketStyle::path) == "https://gw.example.com/s3/ops");
  for (const auto* bad : {"", "ab", "Ops", "a/b", "a_b", "-ab", "ab-", "a..b", "evil.example.com/x", "a@b"}) {
    INFO(bad);
    CHECK(error_of(bucket_place(amazon, bad, BucketStyle::virtual_host)).code == ErrorCode::invalid_input);
  }
}

TEST_CASE("what became of a conditional write is told apart") {
  struct Row {
    int status;
    std::string code;
    ErrorCode expected;
    std::size_t requests;  ///< 0: more than one
  };
  const auto row = GENERATE(values<Row>({{412, "PreconditionFailed", ErrorCode::conflict, 1},
                                         {404, "NoSuchKey", ErrorCode::conflict, 1},
                                         {404, "NoSuchBucket", ErrorCode::not_found, 1},
                                         {403, "AccessDenied", ErrorCode::denied, 1},
                                         {403, "SignatureDoesNotMatch", ErrorCode::denied, 1},
                                         {409, "ConditionalRequestConflict", ErrorCode::unavailable, 0},
                                         {409, "OperationAborted", ErrorCode::unavailable, 0},
                                         {503, "SlowDown", ErrorCode::throttled, 0},
                                         {429, "TooManyRequests", ErrorCode::throttled, 0},
                                         {500, "InternalError", ErrorCode::outcome_unknown, 1},
                                         {503, "ServiceUnavailable", ErrorCode::outcome_unknown, 1},
                                         {400, "InvalidRequest", ErrorCode::rejected, 1}}));
  INFO(row.status << ' ' << row.code);
  Bench bench;
  auto bucket = bench.open();
  bench.http.handle([&](const platform::SentRequest&) { return http_response(row.status, error_body(row.code)); });
  CHECK(error_of(bucket.put(bench.context, "k", "text", WriteCondition::unchanged("\"e\""))).code == row.expected);
  const auto requests = bench.http.sent().size();
  CHECK((row.requests == 0 ? requests > 1 : requests == row.requests));
}

TEST_CASE("two conditional writes that met are sent again, and the answer of the second counts") {
  Bench bench;
  auto bucket = bench.open();
  bench.http.push(409, error_body("ConditionalRequestConflict"));
  bench.http.push(200, "", {{"ETag", "\"e2\""}});
  CHECK(bucket.put(bench.context, "k", "text", WriteCondition::absent()) == std::string("\"e2\""));
}

TEST_CASE("a write whose answer is lost is sent once, and not known; one that never left is sent again") {
  Bench bench;
  auto bucket = bench.open();
  bench.http.push_failure(ErrorCode::unavailable, Reached::maybe);
  CHECK(error_of(bucket.put(bench.context, "k", "text", {})).code == ErrorCode::outcome_unknown);
  CHECK(bench.http.sent().size() == 1);
  bench.http.push_failure(ErrorCode::unavailable, Reached::no);
  bench.http.push(200, "", {{"ETag", "\"e\""}});
  CHECK(bucket.put(bench.context, "k", "text", {}));
}

TEST_CASE("an object is read whole with its ETag; none is no error, but no bucket is") {
  Bench bench;
  auto bucket = bench.open();
  bench.http.push(200, "text\n", {{"ETag", "\"e1\""}});
  const auto found = bucket.get(bench.context, "k");
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->bytes == "text\n");
  CHECK((*found)->etag == "\"e1\"");
  bench.http.push(404, error_body("NoSuchKey"));
  CHECK(*bucket.get(bench.context, "k") == std::nullopt);
  bench.http.push(404, error_body("NoSuchBucket"));
  const auto missing = error_of(bucket.get(bench.context, "k"));
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.hints.front().find("make it") != std::string::npos);
  bench.http.push(404, "not from S3");
  CHECK(error_of(bucket.get(bench.context, "k")).code == ErrorCode::not_found);
}

TEST_CASE("a bucket of another region is told with its region") {
  Bench bench;
  auto bucket = bench.open();
  const auto in_header = GENERATE(true, false);
  bench.http.push(
      in_header ? 301 : 400,
      error_body(in_header ? "PermanentRedirect" : "AuthorizationHeaderMalformed",
                 in_header ? "" : "<Region>eu-west-1</Region>"),
      in_header ? std::vector<HttpHeader>{{"x-amz-bucket-region", "eu-west-1"}} : std::vector<HttpHeader>{});
  const auto hints = error_of(bucket.get(bench.context, "k")).hints;
  REQUIRE_FALSE(hints.empty());
  CHECK(hints.back().find("eu-west-1") != std::string::npos);
}

TEST_CASE("a list goes on after the last key") {
  Bench bench;
  auto bucket = bench.open();
  bench.http.push(200,
                  "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                  "<IsTruncated>true</IsTruncated><Contents><Key>a/1</Key><ETag>&quot;x&quot;</ETag></Contents>"
                  "<Contents><Key>a/2&amp;3</Key></Contents></ListBucketResult>");
  const auto page = bucket.list(bench.context, "a/", "a/0", 2);
  REQUIRE(page);
  CHECK(page->keys == std::vector<std::string>{"a/1", "a/2&3"});
  CHECK(page->more);
  CHECK(bench.http.sent().back().url ==
        "https://ops-state.s3.eu-central-1.amazonaws.com/?list-type=2&max-keys=2&prefix=a%2F&start-after=a%2F0");
  bench.http.push(200, "<html>a proxy's page</html>");
  CHECK(error_of(bucket.list(bench.context, "a/", "", 2)).code == ErrorCode::protocol);
}

TEST_CASE("what time it is, the answer's Date says, also where there is no such object") {
  Bench bench;
  auto bucket = bench.open();
  bench.http.push(404, error_body("NoSuchKey"), {{"Date", "Sat, 28 Nov 2026 07:35:26 GMT"}});
  CHECK(bucket.now(bench.context, "k") == *parse_rfc3339("2026-11-28T07:35:26Z"));
  bench.http.push(404, error_body("NoSuchKey"));
  CHECK(error_of(bucket.now(bench.context, "k")).code == ErrorCode::protocol);
}

TEST_CASE("credentials that have ended are found anew, once, also for a write") {
  Bench bench;
  auto bucket = bench.open();
  bench.http.push(400, error_body("ExpiredToken"));
  bench.http.push(200, "", {{"ETag", "\"e\""}});
  CHECK(bucket.put(bench.context, "k", "text", {}));
  CHECK(bench.found == 2);
  bench.http.handle([&](const platform::SentRequest&) { return http_response(400, error_body("ExpiredToken")); });
  CHECK(error_of(bucket.get(bench.context, "k")).code == ErrorCode::denied);
}

TEST_CASE("whose bucket it must be is asked before anything is sent") {
  Bench bench;
  bench.options.owner = [](const Context&) -> Result<std::string> { return Error(ErrorCode::untrusted, "not yours"); };
  auto bucket = bench.open();
  CHECK(error_of(bucket.get(bench.context, "k")).code == ErrorCode::untrusted);
  CHECK(bench.http.sent().empty());
}
