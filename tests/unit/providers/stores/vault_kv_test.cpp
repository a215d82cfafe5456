// What is vault_kv's alone: the public secret, versions that were deleted, places that are no store's.
#include <catch2/catch.hpp>

#include "tests/support/certificate_factory.hpp"
#include "tests/unit/providers/stores/benches.hpp"

using namespace trunkform;
using trunkform::testing::FakeBench;

namespace {

const Context k_call;
const Instant k_then = *parse_rfc3339("2026-11-27T20:00:00Z");
const std::string k_one = "5e0f4a44-57b0-4b0e-9d6f-0123456789ab";
const std::string k_two = "0c1e29f8-8a3b-4c55-8b1e-ba9876543210";

template <class T>
T got(Result<T> result) {
  if (!result) FAIL(to_line(result.error()));
  return std::move(*result);
}

/// One chain for each text, so that it is plain which one was read.
KeyPair pair_of(const testing::Issued& leaf) { return {{}, leaf.pem, SecretBuffer::copy_of(leaf.key.text())}; }
testing::Issued new_leaf() {
  static const auto k_family = testing::make_family(k_then);
  return testing::make(testing::leaf_request(k_then), k_family.intermediate);
}

std::string one_line(std::string pem) {
  for (auto at = pem.find('\n'); at != std::string::npos; at = pem.find('\n', at + 2)) pem.replace(at, 1, "\\n");
  return pem;
}

/// Somebody else's call.
int post(FakeBench& bench, const std::string& path, const std::string& body) {
  HttpRequest request;
  request.method = "POST";
  request.url = "https://vault.example.com:8200/v1/" + path;
  request.body = body;
  return bench.http.send(k_call, request)->status;
}

}  // namespace

TEST_CASE("with a public secret a plan does not ask for the pair, and an apply does") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  const auto first = new_leaf(), second = new_leaf();
  auto store = bench->store();
  const auto one = got(store->promote(k_call, k_one, pair_of(first), {}));
  const auto two = got(store->promote(k_call, k_two, pair_of(second), one));
  auto source = bench->source();
  CHECK(source->capability() == Capability::sealed);
  (void)bench->http.calls();
  const auto described = got(source->describe(k_call, {}, {}));
  CHECK(described.version == two);
  CHECK(described.certificates_pem == second.pem);
  CHECK(described.since == parse_rfc3339("2026-11-27T20:00:00.123456789Z"));
  const auto before = got(source->describe(k_call, one, {}));
  CHECK(before.version == one);
  CHECK(before.certificates_pem == first.pem);
  CHECK(bench->http.calls().find("/secret/data/sip/east") == std::string::npos);
  CHECK(got(store->current(k_call))->version == two);
  const auto asked = bench->http.calls();
  CHECK(asked.find("/secret/metadata/sip/east") != std::string::npos);
  CHECK(asked.find("/secret/data/") == std::string::npos);
  CHECK(got(source->fetch(k_call, one)).private_key.view() == first.key.text());
  CHECK(bench->http.calls().find("/secret/data/sip/east?version=1") != std::string::npos);
}

TEST_CASE("a version that is to be deleted later is there until then") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  (void)got(bench->store()->promote(k_call, k_one, pair_of(new_leaf()), {}));
  REQUIRE(post(*bench, "secret/metadata/sip/east", R"({"delete_version_after":"48h"})") == 204);
  CHECK(got(bench->store()->current(k_call)));
  bench->clock.advance(std::chrono::hours(49));
  CHECK_FALSE(got(bench->store()->current(k_call)));
}

TEST_CASE("a pair that is another than the public secret shows is not fetched") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  const auto version = got(bench->store()->promote(k_call, k_one, pair_of(new_leaf()), {}));
  const auto other = got(testing::vault_kv_bench()->store()->place(k_call));
  CHECK(other == "https://vault.example.com:8200/secret/sip/east");
  const auto pem = one_line(new_leaf().pem);
  REQUIRE(post(*bench, "secret/data/sip-public/east",
               R"({"options":{"cas":1},"data":{"certificate":")" + pem + R"(","version":"1"}})") == 200);
  const auto fetched = bench->source()->fetch(k_call, version);
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ErrorCode::conflict);
}

TEST_CASE("a version that the public secret does not show is not found, whatever its own number") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  CHECK(bench->source()->describe(k_call, {}, {}).error().code == ErrorCode::not_found);
  (void)got(bench->store()->promote(k_call, k_one, pair_of(new_leaf()), {}));
  const auto described = bench->source()->describe(k_call, VersionId{"7"}, {});
  REQUIRE_FALSE(described);
  CHECK(described.error().code == ErrorCode::not_found);
  CHECK(described.error().summary ==
        R"(the public secret "secret/sip-public/east" has nothing of version "7" of "secret/sip/east")");
}

TEST_CASE("what a run left unpublished is published by the next one") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  const auto leaf = new_leaf();
  // read, write of the pair, read of the public secret, its write
  bench->lose(testing::StoreBench::Lost::request, 4);
  const auto failed = bench->store()->promote(k_call, k_one, pair_of(leaf), {});
  REQUIRE_FALSE(failed);
  CHECK(bench->source()->describe(k_call, {}, {}).error().code == ErrorCode::not_found);
  // The pair would tell whose it is, and nobody who plans need be allowed to read it.
  (void)bench->http.calls();
  const auto unpublished = got(bench->store()->current(k_call));
  CHECK(bench->http.calls().find("/secret/data/sip/east") == std::string::npos);
  // An apply may read it, and finds its own.
  const auto promoted = got(bench->store()->promoted(k_call));
  CHECK(promoted->request == k_one);
  CHECK(promoted->version == unpublished->version);
  const auto version = got(bench->store()->promote(k_call, k_one, pair_of(leaf), {}));
  CHECK(unpublished->version == version);
  CHECK(unpublished->request.empty());
  CHECK(got(bench->source()->describe(k_call, {}, {})).version == version);
}

TEST_CASE("a pair that somebody wrote alone is shown on demand, and no key that lies in its chain") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  const auto leaf = new_leaf();
  (void)got(bench->store()->promote(k_call, k_one, pair_of(new_leaf()), {}));
  CHECK(bench->store()->show_current(k_call));
  CHECK(got(bench->source()->describe(k_call, {}, {})).version.value == "1");
  const auto lines = one_line(leaf.pem + std::string(leaf.key.text()));
  REQUIRE(post(*bench, "secret/data/sip/east",
               R"({"options":{"cas":1},"data":{"certificate":")" + lines + R"(","private_key":"x"}})") == 200);
  CHECK(got(bench->source()->describe(k_call, {}, {})).version.value == "1");
  CHECK(got(bench->store()->current(k_call))->version.value == "2");
  CHECK(bench->store()->show_current(k_call));
  const auto shown = got(bench->source()->describe(k_call, {}, {}));
  CHECK(shown.version.value == "2");
  CHECK(shown.certificates_pem == leaf.pem);
}

TEST_CASE("what somebody else wrote beside a pair is told, and shown no more, whatever version it says it is of") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  const auto leaf = new_leaf(), forged = new_leaf();
  const auto last_line = [&] { return bench->store()->examine(k_call).lines.back(); };
  CHECK(bench->store()->examine(k_call).lines.size() == 1);
  (void)got(bench->store()->promote(k_call, k_one, pair_of(leaf), {}));
  CHECK(last_line().message == "public_path shows what the store has");
  CHECK_FALSE(got(bench->store()->show_current(k_call)));
  const auto request = GENERATE(k_one, k_two);
  REQUIRE(post(*bench, "secret/data/sip-public/east",
               R"({"options":{"cas":1},"data":{"certificate":")" + one_line(forged.pem) + R"(","request_id":")" +
                   request + R"(","version":"1"}})") == 200);
  CHECK(got(bench->source()->describe(k_call, {}, {})).certificates_pem == forged.pem);
  const auto told = last_line();
  CHECK(told.condition == Condition::bad);
  CHECK(told.message == "public_path shows another certificate than version 1 of the pair has");
  REQUIRE(told.error);
  CHECK(told.error->hints.front() ==
        "take it away, and the next apply shows what the store has: vault kv metadata delete -mount=secret "
        "sip-public/east");
  CHECK(got(bench->store()->show_current(k_call)));
  CHECK(got(bench->source()->describe(k_call, {}, {})).certificates_pem == leaf.pem);
  CHECK_FALSE(got(bench->store()->show_current(k_call)));
}

TEST_CASE("a public secret that is behind its pair, or not there, is told") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  const auto leaf = new_leaf();
  const auto pair = R"("data":{"certificate":")" + one_line(leaf.pem) + R"(","private_key":"x"}})";
  REQUIRE(post(*bench, "secret/data/sip/east", R"({"options":{"cas":0},)" + pair) == 200);
  CHECK(bench->store()->examine(k_call).lines.back().message == "public_path shows nothing of what the store has");
  CHECK(got(bench->store()->show_current(k_call)));
  REQUIRE(post(*bench, "secret/data/sip/east", R"({"options":{"cas":1},)" + pair) == 200);
  const auto behind = bench->store()->examine(k_call).lines.back();
  CHECK(behind.condition == Condition::warning);
  CHECK(behind.message == R"(public_path shows version "1", and the store has version 2)");
  // The same certificate under another number.
  CHECK_FALSE(got(bench->store()->show_current(k_call)));
  CHECK(got(bench->source()->describe(k_call, {}, {})).version.value == "2");
}

TEST_CASE("a pair without a chain is not shown") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  REQUIRE(bench->store()->show_current(k_call));
  REQUIRE(post(*bench, "secret/data/sip/east", R"({"options":{"cas":0},"data":{"crt":"x"}})") == 200);
  const auto shown = bench->store()->show_current(k_call);
  REQUIRE_FALSE(shown);
  CHECK(shown.error().summary == R"(the secret "secret/sip/east" has no chain to show as public_path)");
}

TEST_CASE("what the public secret shows of a pair that is gone is not there") {
  const auto bench = testing::vault_kv_bench("sip-public/east");
  const auto one = got(bench->store()->promote(k_call, k_one, pair_of(new_leaf()), {}));
  const auto two = got(bench->store()->promote(k_call, k_two, pair_of(new_leaf()), one));
  const auto [path, hint] = GENERATE(table<const char*, const char*>(
      {{"secret/destroy/sip/east", ""},
       {"secret/delete/sip/east",
        "it was deleted, and can be brought back: vault kv undelete -versions=2 secret/sip/east"}}));
  REQUIRE(post(*bench, path, R"({"versions":[2]})") == 204);
  const auto described = bench->source()->describe(k_call, {}, {});
  REQUIRE_FALSE(described);
  CHECK(described.error().code == ErrorCode::not_found);
  CHECK(described.error().summary ==
        R"(version "2" of "secret/sip/east" is gone, which its public secret still shows)");
  CHECK((described.error().hints.empty() ? "" : described.error().hints.front()) == hint);
  CHECK_FALSE(got(bench->store()->current(k_call)));
  CHECK(got(bench->source()->describe(k_call, one, {})).version == one);
}

TEST_CASE("a secret that no store wrote is not replaced by a chain") {
  const auto bench = testing::vault_kv_bench("team/database");
  const auto* const fields =
      GENERATE(R"("password":"x")", R"("certificate":"x","private_key":"y","version":"1")", R"("certificate":"x")");
  REQUIRE(post(*bench, "secret/data/team/database", std::string(R"({"options":{"cas":0},"data":{)") + fields + "}}") ==
          200);
  const auto promoted = bench->store()->promote(k_call, k_one, pair_of(new_leaf()), {});
  REQUIRE_FALSE(promoted);
  CHECK(promoted.error().code == ErrorCode::rejected);
  CHECK(promoted.error().summary == R"(the secret "secret/team/database" is not replaced by a chain)");
  const auto staged = bench->store()->stage(k_call, {k_two, k_then, SecretBuffer::copy_of("k")}, {});
  REQUIRE_FALSE(staged);
  CHECK(staged.error().summary == promoted.error().summary);
  CHECK(post(*bench, "secret/data/team/database", R"({"options":{"cas":1},"data":{}})") == 200);
}

TEST_CASE("a version that was deleted counts by its number") {
  const auto bench = testing::vault_kv_bench();
  const auto one = got(bench->store()->promote(k_call, k_one, pair_of(new_leaf()), {}));
  REQUIRE(post(*bench, "secret/destroy/sip/east", R"({"versions":[1]})") == 204);
  CHECK_FALSE(got(bench->store()->current(k_call)));
  const auto leaf = new_leaf();
  CHECK(bench->store()->promote(k_call, k_two, pair_of(leaf), one).error().code == ErrorCode::conflict);
  CHECK(got(bench->store()->promote(k_call, k_two, pair_of(leaf), {})).value == "2");
}

TEST_CASE("what is no staged key of ours is told with what to do, and not replaced") {
  const auto bench = testing::vault_kv_bench();
  REQUIRE(post(*bench, "secret/data/sip/east/pending", R"({"options":{"cas":0},"data":{"note":"canary"}})") == 200);
  const auto staged = bench->store()->staged(k_call);
  REQUIRE_FALSE(staged);
  CHECK(staged.error().code == ErrorCode::corrupt);
  CHECK(to_line(staged.error()).find("canary") == std::string::npos);
  CHECK(staged.error().hints.front().find("vault kv metadata delete -mount=secret sip/east/pending") !=
        std::string::npos);
  const auto result = bench->store()->stage(k_call, {k_one, k_then, SecretBuffer::copy_of("k")}, {});
  CHECK(result.error().code == ErrorCode::conflict);
}

TEST_CASE("a plan is told what the token lacks, by one question") {
  const auto lacks = [](const std::string& public_path, const std::optional<VersionId>& current) {
    const auto bench = testing::vault_kv_bench(public_path);
    auto told = bench->store()->foretell(k_call, current);
    const auto calls = bench->http.calls();
    CHECK(calls.find("sys/capabilities-self") != std::string::npos);
    CHECK(calls.find("sys/capabilities-self") == calls.rfind("sys/capabilities-self"));
    CHECK(calls.find("v1/secret") == std::string::npos);
    return told;
  };
  using Remarks = std::vector<std::string>;
  CHECK(lacks({}, std::nullopt).empty());
  const Remarks no_update{
      "the token may not update secret/data/no-update/a, which an apply needs: its policy lacks: path "
      R"("secret/data/no-update/a" { capabilities = ["create", "update", "read"] })"};
  CHECK(lacks("no-update/a", std::nullopt) == no_update);
  CHECK(lacks("no-update/a", VersionId{"1"}) == no_update);
  // What is there need not be made.
  CHECK(lacks("no-create/a", std::nullopt).size() == 1);
  CHECK(lacks("no-create/a", VersionId{"1"}).empty());
}

TEST_CASE("a checkup asks what the token may do at each path, and writes nothing") {
  const auto lines = [](const std::string& public_path) {
    const auto bench = testing::vault_kv_bench(public_path);
    auto checkup = bench->store()->examine(k_call);
    CHECK(bench->http.calls().find("POST https://vault.example.com:8200/v1/secret") == std::string::npos);
    return checkup.lines;
  };
  const auto good = lines({});
  REQUIRE(good.size() == 1);
  CHECK(good.front().condition == Condition::good);
  CHECK(good.front().message ==
        "the token may write there: secret/data/sip/east, secret/metadata/sip/east, secret/data/sip/east/pending, "
        "secret/destroy/sip/east/pending");
  const auto lacking = lines("no-update/a");
  REQUIRE(lacking.size() == 1);
  CHECK(lacking.front().condition == Condition::bad);
  CHECK(lacking.front().message == "the token may not update secret/data/no-update/a");
  CHECK(lacking.front().error->hints.front() ==
        R"(its policy lacks: path "secret/data/no-update/a" { capabilities = ["create", "update", "read"] })");
  CHECK(lines("no-create/a").front().condition == Condition::warning);
}
