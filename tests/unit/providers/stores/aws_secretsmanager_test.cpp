// What is aws_secretsmanager's alone: labels, a secret's first version, its place.
#include <catch2/catch.hpp>

#include "providers/stores/aws_secretsmanager/labels.hpp"
#include "tests/unit/providers/stores/benches.hpp"

using namespace trunkform;
using trunkform::testing::FakeBench;

namespace {

const Context k_no_limits;
const std::string k_a = "5e0f4a44-57b0-4b0e-9d6f-0123456789ab";
const std::string k_b = "0c1e29f8-8a3b-4c55-8b1e-ba9876543210";

StagedKey key_of(const std::string& request) {
  return {request, *parse_rfc3339("2026-11-27T20:00:00Z"), SecretBuffer::copy_of("canary-key")};
}
KeyPair any_pair() { return {{}, "-----BEGIN CERTIFICATE-----\n", SecretBuffer::copy_of("canary-key")}; }

/// Somebody else's call; its answer.
std::string ask(FakeBench& bench, const std::string& operation, const std::string& body) {
  HttpRequest request;
  request.method = "POST";
  request.url = "https://secretsmanager.eu-central-1.amazonaws.com/";
  request.headers = {{"X-Amz-Target", "secretsmanager." + operation}};
  request.body = body;
  return bench.http.send(k_no_limits, request)->body;
}
std::string labels_of(FakeBench& bench) { return ask(bench, "DescribeSecret", R"({"SecretId":"sip/east"})"); }

}  // namespace

TEST_CASE("a staged key does not become the first version of its secret") {
  const auto bench = testing::aws_secretsmanager_bench();
  SECTION("there is no secret") {}
  SECTION("there is one, without a value") {
    ask(*bench, "CreateSecret", R"({"Name":"sip/east"})");
    REQUIRE(labels_of(*bench).find("AWSCURRENT") == std::string::npos);
  }
  REQUIRE(bench->store()->stage(k_no_limits, key_of(k_a), {}));
  const auto labels = labels_of(*bench);
  CHECK(labels.find(R"("trunkform-nothing-was-issued-yet":["AWSCURRENT")") != std::string::npos);
  CHECK(labels.find(R"("trunkform-key-5e0f4a44-57b0-4b0e-9d6f-0123456789ab-1795809600000":["TRUNKFORM_PENDING"])") !=
        std::string::npos);
}

TEST_CASE("no label of ours stays but that of a staged key") {
  const auto bench = testing::aws_secretsmanager_bench();
  auto store = bench->store();
  REQUIRE(store->stage(k_no_limits, key_of(k_a), {}));
  const auto one = store->promote(k_no_limits, k_a, any_pair(), {});
  REQUIRE(one);
  // A run died between writing a version and moving the label.
  ask(*bench, "PutSecretValue",
      R"({"SecretId":"sip/east","ClientRequestToken":"trunkform-key-9d2c6b3a-1f4e-4d77-a2b1-00ff00ff00ff-1",)"
      R"("SecretString":"{}","VersionStages":["trunkform-key-9d2c6b3a-1f4e-4d77-a2b1-00ff00ff00ff-1"]})");
  const auto two = store->promote(k_no_limits, k_b, any_pair(), *one);
  REQUIRE(two);
  const auto labels = labels_of(*bench);
  CHECK(labels.find("\"" + two->value + R"(":["AWSCURRENT"])") != std::string::npos);
  CHECK(labels.find("\"" + one->value + R"(":["AWSPREVIOUS"])") != std::string::npos);
  CHECK(labels.find("TRUNKFORM_PENDING") == std::string::npos);
  CHECK(labels.find("trunkform-key-") == std::string::npos);
}

TEST_CASE("a version that somebody else wrote is nobody's request, and is not replaced unasked") {
  const auto bench = testing::aws_secretsmanager_bench();
  ask(*bench, "CreateSecret",
      R"({"Name":"sip/east","ClientRequestToken":"0c1e29f8-8a3b-4c55-8b1e-ba9876543210","SecretString":"{}"})");
  auto store = bench->store();
  const auto current = store->current(k_no_limits);
  REQUIRE(current);
  REQUIRE(*current);
  CHECK((*current)->request.empty());
  CHECK(store->promote(k_no_limits, k_a, any_pair(), {}).error().code == ErrorCode::conflict);
  CHECK(store->promote(k_no_limits, k_a, any_pair(), (*current)->version));
}

TEST_CASE("the place of a secret is its ARN without what AWS adds, whether it exists or not") {
  const auto bench = testing::aws_secretsmanager_bench();
  const std::string place = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:sip/east";
  CHECK(*bench->store()->place(k_no_limits) == place);
  CHECK(bench->http.calls().empty());
  REQUIRE(bench->store()->stage(k_no_limits, key_of(k_a), {}));
  CHECK(*bench->store()->place(k_no_limits) == place);
}

TEST_CASE("an ARN of what is not there creates nothing") {
  const Locator place{"aws_secretsmanager",
                      {{"secret_id", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:sip/east-AbCdEf"}}};
  FakeBench bench(testing::make_fake_secrets_manager(), place, place);
  const auto staged = bench.store()->stage(k_no_limits, key_of(k_a), {});
  REQUIRE_FALSE(staged);
  CHECK(staged.error().code == ErrorCode::not_found);
  CHECK(bench.http.calls().find("CreateSecret") == std::string::npos);
}

TEST_CASE("a request is told by the ids that we give, and by no others") {
  CHECK(stores::request_in(stores::promoted_id(k_a, "chain")) == k_a);
  CHECK(stores::request_in(stores::staged_id(k_a, Instant())) == k_a);
  CHECK(stores::promoted_id(k_a, "chain").size() <= 64);
  CHECK(stores::staged_id(k_a, *parse_rfc3339("2199-01-01T00:00:00Z")).size() <= 64);
  for (const auto* id : {"", "trunkform-", "trunkform-nothing-was-issued-yet", "0c1e29f8-8a3b-4c55-8b1e-ba9876543210",
                         "trunkform-0c1e29f8-8a3b-4c55-8b1e-ba9876543210"})
    CHECK(stores::request_in(id).empty());
}
