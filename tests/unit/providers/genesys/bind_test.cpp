#include <optional>

#include <catch2/catch.hpp>

#include "tests/unit/providers/genesys/fixture.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::genesys;
using platform::http_response;
using platform::HttpAnswer;
using platform::SentRequest;

namespace {

HttpAnswer lost(Reached reached = Reached::maybe) {
  return tl::unexpected(HttpFailure{Error(ErrorCode::timeout, "no answer"), reached});
}

/// A trunk behind the API: what is bound, and what each PATCH does to it and answers.
struct Bench : World {
  std::string live = Certificates::shared().old_pem;
  std::vector<std::function<HttpAnswer(Bench&)>> patches;  ///< in order; then plain success
  std::size_t patched = 0;
  std::function<HttpAnswer(Bench&)> read = [](Bench& bench) { return http_response(200, trunk_json("1", bench.live)); };

  Result<BindReceipt> bind(const std::optional<std::string>& from_pem = Certificates::shared().old_pem,
                           Context context = {}) {
    serve([this](const SentRequest& request) -> HttpAnswer {
      if (request.method == "GET") return read(*this);
      if (patched < patches.size()) return patches[patched++](*this);
      ++patched;
      return accept();
    });
    const auto new_pair = pair(Certificates::shared().new_pem);
    std::optional<Identity> from;
    if (from_pem) from = facts.chain_of_pem(*from_pem).value()->identity;
    return client()->bind(context, {"1"}, new_pair, from);
  }
  HttpAnswer accept() {
    live = Certificates::shared().new_pem;
    return http_response(200, trunk_json("1", live), {{"ININ-Correlation-Id", "c1"}});
  }
  static HttpAnswer commit_and_lose(Bench& bench) {
    bench.live = Certificates::shared().new_pem;
    return lost();
  }
  static HttpAnswer lose(Bench&) { return lost(); }
};

}  // namespace

TEST_CASE("a bind is one PATCH with the two strings, and its receipt has the trunk and the correlation id") {
  Bench bench;
  const auto receipt = bench.bind();
  REQUIRE(receipt);
  CHECK_FALSE(receipt->read_back);
  CHECK(receipt->correlation_id == "c1");
  CHECK(receipt->trunk.certificate.chain->identity ==
        bench.facts.chain_of_pem(Certificates::shared().new_pem).value()->identity);
  const auto sent = bench.http.sent();
  REQUIRE(sent.size() == 2);
  CHECK(sent[1].method == "PATCH");
  CHECK(sent[1].secret);
  CHECK(sent[1].url == "https://api.mypurecloud.com/api/v2/telephony/providers/edge/trunks/1");
  CHECK(sent[1].body ==
        R"({"tls":{"certificate":)" + pem_literal(Certificates::shared().new_pem) +
            R"(,"privateKey":"-----BEGIN PRIVATE KEY-----\ncanary-key\n-----END PRIVATE KEY-----\n"}})");
}

TEST_CASE("a 200 in other words is no receipt where the old certificate is still there") {
  Bench bench;
  bench.patches = {[](Bench&) { return HttpAnswer(http_response(200, "<html>We will be back soon</html>")); }};
  const auto receipt = bench.bind();
  REQUIRE_FALSE(receipt);
  CHECK(receipt.error().code == ErrorCode::protocol);
  CHECK(receipt.error().summary.find("changed nothing") != std::string::npos);
  CHECK(bench.patched == 1);
}

TEST_CASE("a 200 in other words is a receipt where the new certificate is there") {
  Bench bench;
  bench.patches = {[](Bench& at) {
    at.live = Certificates::shared().new_pem;
    return HttpAnswer(http_response(200, "OK"));
  }};
  const auto receipt = bench.bind();
  REQUIRE(receipt);
  CHECK(receipt->read_back);
}

TEST_CASE("a lost answer whose commit can be read is done, and nothing is sent again") {
  Bench bench;
  bench.patches = {Bench::commit_and_lose};
  const auto receipt = bench.bind();
  REQUIRE(receipt);
  CHECK(receipt->read_back);
  CHECK(bench.patched == 1);
}

TEST_CASE("a 5xx after the commit and a torn 200 are read back like a lost answer") {
  for (const int status : {500, 502, 504, 200}) {
    Bench bench;
    bench.patches = {[status](Bench& b) -> HttpAnswer {
      b.live = Certificates::shared().new_pem;
      return http_response(status, "{\"id\":");
    }};
    const auto receipt = bench.bind();
    REQUIRE(receipt);
    CHECK(receipt->read_back);
    CHECK(bench.patched == 1);
  }
}

TEST_CASE(
    "a lost answer that committed nothing is read twice with a pause, and once more right before it is sent again") {
  Bench bench;
  bench.patches = {Bench::lose};
  const auto receipt = bench.bind();
  REQUIRE(receipt);
  CHECK(bench.patched == 2);
  CHECK(bench.sent("GET") == 3);
  CHECK(bench.clock.monotonic() >= 2s);
}

namespace {
/// Readers see another certificate `lag` after it was bound.
void lag(Bench& bench, trunkform::Duration lag) {
  bench.read = [lag, since = std::optional<trunkform::Duration>()](Bench& b) mutable {
    const bool bound = b.live != Certificates::shared().old_pem;
    if (bound && !since) since = b.clock.monotonic();
    const bool shown = bound && b.clock.monotonic() >= *since + lag;
    return http_response(200, trunk_json("1", shown ? b.live : Certificates::shared().old_pem));
  };
}
}  // namespace

TEST_CASE("what was bound and shows late is seen before the next repetition, also when that had to wait for a 429") {
  Bench bench;
  lag(bench, 10s);
  bench.patches = {Bench::commit_and_lose, [](Bench&) { return http_response(429, "{}", {{"Retry-After", "9"}}); }};
  const auto receipt = bench.bind();
  REQUIRE(receipt);
  CHECK(receipt->read_back);
  CHECK(bench.patched == 2);
}

TEST_CASE("a PATCH that is refused after an earlier one was lost is not called undone before the trunk was looked at") {
  Bench bench;
  lag(bench, 12s);
  bench.patches = {Bench::commit_and_lose, [](Bench&) { return http_response(403, "{}"); }};
  const auto receipt = bench.bind();
  REQUIRE(receipt);
  CHECK(receipt->read_back);
  Bench undone;
  undone.patches = {Bench::lose, [](Bench&) { return http_response(403, "{}"); }};
  CHECK(undone.bind().error().code == ErrorCode::denied);
  CHECK(undone.clock.monotonic() >= 14s);
}

TEST_CASE("a commit that a reader sees late is found by the second look and not sent again") {
  Bench bench;
  int reads = 0;
  bench.read = [&reads](Bench&) {
    return http_response(
        200, trunk_json("1", ++reads == 1 ? Certificates::shared().old_pem : Certificates::shared().new_pem));
  };
  bench.patches = {Bench::lose};
  CHECK(bench.bind()->read_back);
  CHECK(bench.patched == 1);
}

TEST_CASE("a lost answer behind which somebody else's certificate appears is a conflict") {
  Bench bench;
  bench.patches = {[](Bench& b) {
    b.live = Certificates::shared().foreign_pem;
    return lost();
  }};
  const auto error = bench.bind().error();
  CHECK(error.code == ErrorCode::conflict);
  CHECK(bench.patched == 1);
}

TEST_CASE("somebody else's certificate that shows only when patience is over is a conflict too, not an undone PATCH") {
  Bench bench;
  // The reader lags, so that the old certificate is seen after each lost answer, and another's at the last look.
  lag(bench, 12s);
  bench.patches = {Bench::commit_and_lose, [](Bench& b) {
                     b.live = Certificates::shared().foreign_pem;
                     return http_response(403, "{}");
                   }};
  const auto error = bench.bind().error();
  CHECK(error.code == ErrorCode::conflict);
  CHECK(error.summary.find("neither the old nor the new") != std::string::npos);
}

TEST_CASE("outcome_unknown only where reading back is impossible: the read fails, or the API shows no certificate") {
  Bench broken;
  broken.patches = {Bench::commit_and_lose};
  broken.read = [](Bench&) { return http_response(503, "{}"); };
  const auto error = broken.bind().error();
  CHECK(error.code == ErrorCode::outcome_unknown);
  CHECK(error.causes.size() == 2);
  CHECK(broken.patched == 1);
  Bench blind;
  blind.patches = {Bench::commit_and_lose};
  blind.read = [](Bench&) { return http_response(200, R"({"id":"1"})"); };
  CHECK(blind.bind().error().code == ErrorCode::outcome_unknown);
  CHECK(blind.patched == 1);
}

TEST_CASE("without knowing what was live before, another certificate than the one sent is not overwritten") {
  Bench bench;
  bench.patches = {Bench::lose};
  CHECK(bench.bind(std::nullopt).error().code == ErrorCode::conflict);
  CHECK(bench.patched == 1);
}

TEST_CASE("a PATCH that certainly did not arrive is sent again, once it is seen that nothing changed meanwhile") {
  Bench bench;
  bench.patches = {[](Bench&) -> HttpAnswer {
    return tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "refused"), Reached::no});
  }};
  REQUIRE(bench.bind());
  CHECK(bench.patched == 2);
  CHECK(bench.sent("GET") == 1);
}

TEST_CASE("a 429 on a PATCH is waited out and sent again, because it was not carried out") {
  Bench bench;
  bench.patches = {[](Bench&) { return http_response(429, "{}", {{"Retry-After", "5"}}); }};
  REQUIRE(bench.bind());
  CHECK(bench.clock.monotonic() >= 5s);
  CHECK(bench.patched == 2);
  CHECK(bench.sent("GET") == 1);
  Bench blind;
  blind.patches = bench.patches;
  blind.read = [](Bench&) { return http_response(200, R"({"id":"1"})"); };
  REQUIRE(blind.bind());
  CHECK(blind.patched == 2);
}

TEST_CASE("what somebody binds while a PATCH waits for its turn is not overwritten") {
  const auto overtaken = [](int status, const std::string& live) {
    Bench bench;
    bench.patches = {[=](Bench& seen) {
      seen.live = live;
      return http_response(status, "{}", {{"Retry-After", "5"}});
    }};
    auto receipt = bench.bind();
    CHECK(bench.patched == 1);
    return receipt;
  };
  const auto& pems = Certificates::shared();
  CHECK(overtaken(429, pems.foreign_pem).error().code == ErrorCode::conflict);
  CHECK(overtaken(401, pems.foreign_pem).error().code == ErrorCode::conflict);
  CHECK(overtaken(429, pems.new_pem).value().read_back);
}

TEST_CASE("a version conflict goes on only while the live certificate is still the planned one") {
  for (const int status : {409, 400}) {
    const auto conflict = [status](Bench&) {
      return http_response(status, R"({"message":"The version does not match the current version of the trunk"})");
    };
    Bench harmless;
    harmless.patches = {conflict};
    REQUIRE(harmless.bind());
    CHECK(harmless.patched == 2);
    CHECK(harmless.sent("GET") == 2);  // what the conflict was, and right before it is sent again
    Bench changed;
    changed.live = Certificates::shared().foreign_pem;
    changed.patches = {conflict};
    CHECK(changed.bind().error().code == ErrorCode::conflict);
    CHECK(changed.patched == 1);
    // Nobody else was there: it is the service that will not have it.
    Bench stubborn;
    stubborn.patches.assign(50, conflict);
    CHECK(stubborn.bind().error().code == ErrorCode::rejected);
  }
}

TEST_CASE("a refusal is explained and never repeated, and the key is in no error") {
  Bench bench;
  bench.patches = {
      [](Bench&) { return http_response(400, R"({"message":"Invalid key format","code":"bad.request"})"); }};
  const auto error = bench.bind().error();
  CHECK(error.code == ErrorCode::rejected);
  CHECK(error.detail.find("private key") != std::string::npos);
  CHECK(to_line(error).find("canary") == std::string::npos);
  CHECK(bench.patched == 1);
}

TEST_CASE("answers that are lost again and again end within the budget, and not as unknown when the old one is seen") {
  Bench bench;
  bench.patches.assign(50, Bench::lose);
  const auto error = bench.bind().error();
  CHECK(error.code == ErrorCode::unavailable);
  CHECK(bench.patched <= 8);
  CHECK(bench.clock.monotonic() <= 5min);
}

TEST_CASE("a chain that the service gives back without its root counts as the one that was sent") {
  Bench bench;
  const auto leaf_only =
      Certificates::shared().new_pem.substr(0, Certificates::shared().new_pem.find("-----END CERTIFICATE-----\n") + 26);
  bench.patches = {[&](Bench& b) {
    b.live = leaf_only;
    return lost();
  }};
  CHECK(bench.bind()->read_back);
}

TEST_CASE("of a chain repair whose answer was lost the chain tells, for its leaf was there before") {
  const auto& pems = Certificates::shared();
  const auto blocks = [](const std::string& pem) {
    const std::string end = "-----END CERTIFICATE-----\n";
    const auto at = pem.find(end) + end.size();
    return std::pair(pem.substr(0, at), pem.substr(at));
  };
  const auto [leaf, issuers] = blocks(pems.new_pem);
  const auto repair = [&, leaf = leaf](Bench& bench, const std::string& then) {
    bench.live = leaf;
    bench.patches = {[then](Bench& b) {
      b.live = then;
      return lost();
    }};
    return bench.bind(leaf);
  };
  Bench done, undone, elsewhere;
  CHECK(repair(done, pems.new_pem).value().read_back);
  CHECK(done.patched == 1);
  CHECK(repair(undone, leaf));
  CHECK(undone.patched == 2);
  // Neither the chain from before nor the one that was sent: somebody else repaired it in another way.
  CHECK(repair(elsewhere, leaf + blocks(pems.foreign_pem).second).error().code == ErrorCode::conflict);
  CHECK(elsewhere.patched == 1);
}

TEST_CASE("after a lost answer nothing is sent again while the API does not show what is bound") {
  Bench bench;
  bench.patches = {Bench::lose};
  std::size_t reads = 0;
  // The old certificate is still there, and then it cannot be seen any more.
  bench.read = [&reads](Bench& b) {
    return http_response(200, ++reads <= 2 ? trunk_json("1", b.live) : R"({"id":"1"})");
  };
  CHECK(bench.bind().error().code == ErrorCode::outcome_unknown);
  CHECK(bench.patched == 1);
}
