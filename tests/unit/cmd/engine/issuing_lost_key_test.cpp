// A key that was revoked after the plan was made: neither used again nor gone on with, by whatever plan.
#include "providers/x509/private_key.hpp"
#include "tests/unit/cmd/engine/issuing_bench.hpp"

namespace trunkform::engine {

using namespace issuing_bench;

namespace {

/// The first is in the store, and another with its key is due.
struct Reusing : Bench {
  Fingerprint first_key;
  Fingerprint first_leaf;

  Reusing() {
    REQUIRE(run().kind == Kind::issued);
    first_key = in_store().key.spki;
    first_leaf = in_store().fingerprint;
    request.reuse_key = true;
    clock.advance(24h * 60);
  }
  CertificateFacts in_store() {
    sources.forget(request.source);
    return sources.stored({}, request.source)->chain->leaf();
  }
};

}  // namespace

TEST_CASE("a key that was revoked after the plan was made is not used again, and that is said") {
  Reusing bench;
  const auto planned = bench.plan();
  REQUIRE(planned.request.reuse_key);
  SECTION("as known to others, with whatever certificate") { bench.revoked = {bench.first_key}; }
  SECTION("with its certificate, for whatever reason") { bench.revoked = {bench.first_leaf}; }
  const auto done = bench.run(planned);
  REQUIRE(done.kind == Kind::issued);
  CHECK(bench.in_store().key.spki != bench.first_key);
  REQUIRE(done.warnings.size() == 1);
  CHECK(done.warnings.front().summary ==
        "a key is made in spite of reuse_key: the certificate was revoked, and its key with it");
  CHECK(done.warnings.front().address == "certificate.issued.sip");
}

TEST_CASE("a request with a key that was revoked since is given up, and the next one has a key of its own") {
  Reusing bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  const bool is_staged = GENERATE(true, false);
  CAPTURE(is_staged);
  if (is_staged) {
    REQUIRE(bench.run().kind == Kind::pending);
  } else {
    bench.issuer->answers.clear();
    bench.events.passes = [](const std::string& step) {
      if (step == "before stage") throw std::runtime_error("killed");
    };
    CHECK_THROWS_WITH(bench.run(), "killed");
    bench.events.passes = nullptr;
  }
  REQUIRE(bench.record().open);
  REQUIRE(bench.record().open->reuses_key);
  const auto begun = bench.record().open->request;
  const auto planned = bench.plan();
  REQUIRE(planned.cause == IssueCause::resumed);
  SECTION("as known to others") { bench.revoked = {bench.first_key}; }
  SECTION("with its certificate") { bench.revoked = {bench.first_leaf}; }
  const auto done = bench.run(planned);
  REQUIRE(done.kind == Kind::issued);
  CHECK(bench.in_store().key.spki != bench.first_key);
  CHECK(std::any_of(bench.events.events.begin(), bench.events.events.end(), [&](const Event& event) {
    const auto* ended = std::get_if<IssueEnded>(&event.body);
    return ended != nullptr && ended->request == begun && ended->message == "its key was revoked since";
  }));
  CHECK_FALSE(bench.has_staged_key());
}

TEST_CASE("a key that was made for a request and revoked since is not signed, whatever else is in the store") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  const auto planned = bench.plan();
  stores::FilesStore store(bench.files, "/sip", 10);
  const auto lost = x509::inspect_key(store.staged({}).value()->private_key).public_key.spki;
  bench.revoked = {lost};
  REQUIRE(bench.run(planned).kind == Kind::issued);
  CHECK(bench.sources.stored({}, bench.request.source)->chain->leaf().key.spki != lost);
}

TEST_CASE("after a revocation a request with a key of its own is gone on with, and one that is used again may be") {
  Reusing bench;
  bench.revoked = {Fingerprint{}};
  const auto planned = bench.plan();
  SECTION("the key is another than the one that was revoked") {
    const auto done = bench.run(planned);
    REQUIRE(done.kind == Kind::issued);
    CHECK(bench.in_store().key.spki == bench.first_key);
    CHECK(done.warnings.empty());
  }
  SECTION("the order was made with a new key because of the revocation, and is polled") {
    bench.revoked = {bench.first_leaf};
    bench.issuer->answers = {pending("order/1", 11min)};
    REQUIRE(bench.run(planned).kind == Kind::pending);
    CHECK_FALSE(bench.record().open->reuses_key);
    REQUIRE(bench.run(bench.plan()).kind == Kind::issued);
    CHECK(bench.issuer->calls.back() == "poll order/1");
  }
}

}  // namespace trunkform::engine
