// Whose bucket a state goes into, as backend.s3 and the operator's environment say.
#include "cmd/trunkform/bucket_access.hpp"

#include "tests/unit/cmd/trunkform/access_bench.hpp"

using namespace trunkform;

namespace {

struct Bench : testing::AccessBench {
  Bench()
      : AccessBench({{"AWS_REGION", "eu-central-1"},
                     {"AWS_ACCESS_KEY_ID", "AKID"},
                     {"AWS_SECRET_ACCESS_KEY", "canary-access-key"}},
                    "s3", {{"bucket", "ops-state"}}) {
    http.handle([](const platform::SentRequest& request) -> platform::HttpAnswer {
      if (request.url.find("sts.") != std::string::npos)
        return platform::http_response(
            200, "<R><Arn>arn:aws:iam::123456789012:user/ops</Arn><Account>123456789012</Account></R>");
      return platform::http_response(200, "text", {{"ETag", "\"e\""}});
    });
  }
  Result<std::shared_ptr<ObjectStore>> open() { return cli::open_bucket(world, trust, settings); }
  std::optional<Error> read() {
    const auto bucket = open();
    if (!bucket) return bucket.error();
    const auto found = (*bucket)->get({}, "k");
    return found ? std::nullopt : std::optional(found.error());
  }
  std::string owner_sent() const {
    const auto request = http.sent().back();
    for (const auto& header : request.headers)
      if (header.name == "X-Amz-Expected-Bucket-Owner") return header.value;
    return {};
  }
};

}  // namespace

TEST_CASE("a bucket of Amazon's must be the run's own account's, which STS says once") {
  Bench bench;
  const auto bucket = bench.open();
  REQUIRE(bucket);
  CHECK(bench.http.sent().empty());
  for (int i = 0; i < 2; ++i) {
    REQUIRE((*bucket)->get({}, "k"));
    CHECK(bench.owner_sent() == "123456789012");
  }
  REQUIRE(bench.http.sent().size() == 3);
  CHECK(bench.http.sent().back().url == "https://ops-state.s3.eu-central-1.amazonaws.com/k");
}

TEST_CASE("another account's bucket is the operator's to allow, and nothing is asked of it before") {
  Bench bench;
  bench.settings.arguments["expected_bucket_owner"] = "123456789012";
  CHECK_FALSE(bench.read());
  bench.settings.arguments["expected_bucket_owner"] = "999999999999";
  const auto refused = bench.read();
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::untrusted);
  CHECK(refused->hints.front().find("trust add scope aws_account 999999999999") != std::string::npos);
  for (const auto& request : bench.http.sent())
    CHECK((request.url.find("sts.") != std::string::npos || request.url.ends_with("/k")));
  CHECK(bench.http.sent().back().url.find("sts.") != std::string::npos);
}

TEST_CASE("at another server's no account is asked for, but the one that is said is told to it") {
  Bench bench;
  bench.settings.arguments["endpoint"] = "https://s3.example.com:9000";
  CHECK_FALSE(bench.read());
  CHECK(bench.http.sent().size() == 1);
  CHECK(bench.http.sent().back().url == "https://ops-state.s3.example.com:9000/k");
  CHECK(bench.owner_sent().empty());
  bench.settings.arguments["path_style"] = "true";
  bench.settings.arguments["expected_bucket_owner"] = "999999999999";
  CHECK_FALSE(bench.read());
  CHECK(bench.http.sent().back().url == "https://s3.example.com:9000/ops-state/k");
  CHECK(bench.owner_sent() == "999999999999");
}

TEST_CASE("an endpoint of Amazon's under another name is Amazon's still") {
  Bench bench;
  bench.settings.arguments["endpoint"] = "https://s3.dualstack.eu-central-1.amazonaws.com";
  CHECK_FALSE(bench.read());
  CHECK(bench.owner_sent() == "123456789012");
}

TEST_CASE("what backend.s3 says wrongly is told before anything is asked") {
  struct Row {
    std::string argument, value, told;
  };
  const auto row = GENERATE(values<Row>({{"bucket", "s3://ops", "not the name of a bucket"},
                                         {"region", "eu-west-1", "aws_region eu-west-1"},
                                         {"region", "evil.example.com/", "not the name of an AWS region"},
                                         {"endpoint", "http://s3.example.com", "plain http"},
                                         {"endpoint", "ftp://s3.example.com", "no http or https address"},
                                         {"expected_bucket_owner", "ops", "not the number of an AWS account"},
                                         {"kms_key_id", "alias/sip", "needs server_side_encryption"}}));
  INFO(row.argument << ' ' << row.value);
  Bench bench;
  bench.settings.arguments[row.argument] = row.value;
  const auto opened = bench.open();
  REQUIRE_FALSE(opened);
  auto all = to_line(opened.error());
  for (const auto& hint : opened.error().hints) all += "\n" + hint;
  CHECK(all.find(row.told) != std::string::npos);
  CHECK(bench.http.sent().empty());
  CHECK_FALSE(opened.error().hints.empty());
}

TEST_CASE("without a region the block is told, and what to set") {
  Bench bench;
  bench.environment.variables.erase("AWS_REGION");
  const auto opened = bench.open();
  REQUIRE_FALSE(opened);
  CHECK(to_line(opened.error()).find("backend.s3 has no region") != std::string::npos);
}
