// What ends a request, what leaves it open, and what is asked for again only the next day.
#include "providers/issuers/answer.hpp"
#include "providers/x509/new_key.hpp"
#include "tests/unit/cmd/engine/issuing_bench.hpp"

namespace trunkform::engine {

using namespace issuing_bench;

TEST_CASE("a name that the issuer leaves out has one certificate signed a day, and what was signed is in the log") {
  Bench bench;
  bench.request.names = {"sip.example.com", "sip2.example.com"};
  std::size_t signed_ones = 0;
  bench.issuer->serve = [&](const std::string&, const IssueOrder& order) -> Result<OrderStatus> {
    ++signed_ones;
    const auto given = TRY(bench.issuer->sign(order, {"sip.example.com"}));
    return issuers::accepted(std::get<OrderIssued>(given).certificates_pem, order, "the role \"sip\"");
  };
  const auto first = bench.run();
  REQUIRE(first.error);
  CHECK(first.error->summary == "the issuer signed other names than those that were asked for");
  CHECK(first.error->detail == "asked for sip.example.com, sip2.example.com; signed sip.example.com");
  for (int again = 0; again < 2; ++again) {
    const auto planned = bench.plan();
    REQUIRE(planned.error);
    CHECK(planned.error->summary.find("the issuer signed something else") != std::string::npos);
  }
  CHECK(signed_ones == 1);
  CHECK_FALSE(bench.record().open);
  CHECK_FALSE(bench.has_staged_key());
  REQUIRE(bench.record().amiss);
  const auto was_logged = [](const Event& event) {
    const auto* ordered = std::get_if<IssueOrdered>(&event.body);
    return ordered != nullptr && ordered->certificates_pem.find("BEGIN CERTIFICATE") != std::string::npos;
  };
  CHECK(std::any_of(bench.events.events.begin(), bench.events.events.end(), was_logged));
  bench.clock.advance(25h);
  CHECK_FALSE(bench.plan().error);
}

TEST_CASE("what is not found on the machine is no word of the issuer: the order and its key are kept") {
  Bench bench;
  const auto no_folder = fails(ErrorCode::not_found, "cannot make the folder /web/.well-known: Not a directory");
  bench.issuer->answers = {pending("order/1", 1s), no_folder, no_folder, no_folder};
  for (int run = 0; run < 3; ++run) {
    const auto done = bench.run();
    REQUIRE(done.error);
    CHECK(done.error->summary == "cannot make the folder /web/.well-known: Not a directory");
    CHECK(bench.has_staged_key());
    REQUIRE(bench.record().open);
    CHECK(bench.record().open->order == "order/1");
  }
  CHECK(bench.run().kind == Kind::issued);
  CHECK(std::count(bench.issuer->calls.begin(), bench.issuer->calls.end(), "submit") == 1);
}

TEST_CASE("a staged key of another type than is asked for is made anew by the next apply, as its hint says") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  const auto request = bench.record().open->request;
  stores::FilesStore store(bench.files, "/sip", 10);
  REQUIRE(store.unstage({}, request));
  REQUIRE(store.stage({}, {request, bench.clock.now(), x509::make_key(KeyType::ecdsa_p384).value()}, std::nullopt));
  const auto done = bench.run();
  REQUIRE(done.error);
  CHECK(done.error->summary == "the key that was staged is not of the type that the block asks for");
  REQUIRE_FALSE(done.error->hints.empty());
  CHECK(done.error->hints.front() == "run trunkform apply again: another key is made");
  CHECK_FALSE(bench.record().amiss);
  CHECK_FALSE(bench.has_staged_key());
  CHECK(bench.run().kind == Kind::issued);
}

}  // namespace trunkform::engine
