// One request, with an issuer that takes its time, refuses, or errs, and a store that others write to.
#include "tests/unit/cmd/engine/issuing_bench.hpp"

namespace trunkform::engine {

using namespace issuing_bench;

TEST_CASE("an order that takes its time is polled as the issuer says, and its reference is in the log before that") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 20s), [&](const IssueOrder&) {
                             CHECK(bench.record().open->order == "order/1");
                             CHECK(bench.clock.now() == k_start + 20s);
                             return Result<OrderStatus>(OrderPending{"order/1", 1min});
                           }};
  const auto done = bench.run();
  CHECK(done.kind == Kind::issued);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "poll order/1", "poll order/1"});
  CHECK(bench.clock.now() == k_start + 80s);
  CHECK_FALSE(bench.record().open);
  CHECK_FALSE(bench.has_staged_key());
}

TEST_CASE("what is not signed in time is left to the next run, which orders nothing again") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  CHECK(bench.run().kind == Kind::pending);
  CHECK(bench.has_staged_key());
  REQUIRE(bench.record().open);
  CHECK(bench.plan().cause == IssueCause::resumed);
  CHECK(bench.run().kind == Kind::issued);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "poll order/1"});
  CHECK(bench.versions() == 1);
}

TEST_CASE("an issuer that gives a longer lifetime than was asked for is told, and what it gave is taken") {
  Bench bench;
  bench.request.lifetime = 24h * 7;
  const auto done = bench.run();
  CHECK(done.kind == Kind::issued);
  REQUIRE(done.warnings.size() == 1);
  CHECK(done.warnings.front().summary == "the issuer gave a longer lifetime than was asked for");
  CHECK(done.warnings.front().detail.find("7 days were asked for") != std::string::npos);
}

TEST_CASE("an issuer that kept one waiting in vain is not waited for again, and trunks that need none of it go on") {
  Bench bench;
  Plan plan;
  const auto add = [&](const std::string& name, const std::string& issuer) {
    auto planned = bench.plan();
    planned.request.address = "certificate.issued." + name;
    planned.request.issuer = {"fake", {{"url", issuer}}};
    planned.request.store = {"files", {{"path", "/" + name}}};
    planned.request.source = {
        "pem_files", {{"chain", "/" + name + "/live/chain.pem"}, {"private_key", "/" + name + "/live/key.pem"}}};
    plan.issues.push_back(std::move(planned));
  };
  add("a", "slow");
  add("b", "slow");
  add("c", "slow");
  (void)bench.places.issuer(plan.issues.front().request.issuer);
  bench.issuer->answers = {pending("order/a", 4min), pending("order/a", 4min), pending("order/a", 4min),
                           pending("order/b", 1min)};
  const auto began = bench.clock.now();
  const auto summary = issue_all({}, bench.hands, plan, std::nullopt);
  CHECK(summary.pending == 2);
  CHECK(summary.issued == 1);  // what is signed at once is taken all the same
  CHECK(bench.clock.now() - began == 8min);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "poll order/a", "poll order/a", "submit", "submit"});
}

TEST_CASE("a throttled or unreachable issuer leaves the request open; a refusal ends it") {
  for (const auto code : {ErrorCode::throttled, ErrorCode::unavailable, ErrorCode::denied}) {
    Bench bench;
    bench.issuer->answers = {fails(code, "not now")};
    const auto done = bench.run();
    CHECK(done.kind == Kind::failed);
    CHECK(done.error->code == code);
    CHECK(done.error->address == "certificate.issued.sip");
    CHECK(bench.record().open);
    CHECK(bench.has_staged_key());
    CHECK(bench.run().kind == Kind::issued);
    CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "find", "submit"});
  }
  Bench refused;
  refused.issuer->answers = {fails(ErrorCode::rejected, "sip.example.com is forbidden by policy")};
  CHECK(refused.run().kind == Kind::failed);
  CHECK_FALSE(refused.record().open);
  CHECK_FALSE(refused.has_staged_key());
  REQUIRE(std::holds_alternative<IssueEnded>(refused.events.events.back().body));
  CHECK(std::get<IssueEnded>(refused.events.events.back().body).message == "sip.example.com is forbidden by policy");
}

TEST_CASE("a run that is asked to stop says what it keeps, and the next one goes on") {
  Bench bench;
  std::stop_source stop;
  Context context;
  context.stop = stop.get_token();
  bench.issuer->answers = {[&](const IssueOrder&) {
    stop.request_stop();
    return OrderStatus(OrderPending{"order-1", 5s});
  }};
  const auto stopped = bench.run(bench.plan(), context);
  REQUIRE(stopped.error);
  CHECK(stopped.error->code == ErrorCode::cancelled);
  CHECK(stopped.error->summary == "the run was asked to stop before the certificate was in its store");
  CHECK(stopped.error->detail == "its key is staged in files(path=/sip), and it is ordered: order-1");
  CHECK(stopped.error->hints.front().find("with the same key and order") != std::string::npos);
  CHECK(bench.run().kind == Kind::issued);
  CHECK(bench.issuer->calls.back() == "poll order-1");
}

TEST_CASE("an order that the issuer forgot ends its request, and the next run makes another") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min), [](const IssueOrder&) {
                             return OrderStatus(OrderGone{Error(ErrorCode::not_found, "no such order")});
                           }};
  CHECK(bench.run().kind == Kind::pending);
  const auto done = bench.run();
  CHECK(done.kind == Kind::failed);
  REQUIRE(done.error);
  CHECK(done.error->summary == "no such order");
  CHECK(done.error->hints.back() == "run trunkform apply again: it makes another key and orders anew");
  CHECK_FALSE(bench.has_staged_key());
  CHECK_FALSE(bench.record().open);
  CHECK(bench.plan().cause == IssueCause::first);
  CHECK(bench.run().kind == Kind::issued);
}

TEST_CASE("an order that waits for longer than a day loses its key to another state, and is given up") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  bench.clock.advance(25h);
  stores::FilesStore store(bench.files, "/sip", 10);
  const auto ours = store.staged({}).value()->request;
  REQUIRE(store.stage({}, {"theirs", bench.clock.now(), SecretBuffer::copy_of(bench.issuer->family.leaf.key.text())},
                      ours));
  const auto done = bench.run();
  CHECK(done.kind == Kind::failed);
  CHECK(done.error->code == ErrorCode::conflict);
  CHECK(done.error->hints.back().find("trunkform issuer unstage certificate.issued.sip") != std::string::npos);
  CHECK_FALSE(bench.record().open);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit"});
  CHECK(store.staged({}).value()->request == "theirs");
  bench.somebody_issues();
  REQUIRE(store.unstage({}, "theirs"));
  bench.sources.forget(bench.request.source);  // as another run
  CHECK(bench.plan().cause == IssueCause::none);
}

TEST_CASE("what keeps a run from going on is an event; what it gave up is told once") {
  const auto failures = [](const Bench& bench) {
    std::vector<std::string> messages;
    for (const auto& event : bench.events.events)
      if (const auto* failed = std::get_if<IssueFailed>(&event.body)) messages.push_back(failed->message);
    return messages;
  };
  Bench bench;
  bench.issuer->answers = {fails(ErrorCode::unavailable, "no answer"), fails(ErrorCode::cancelled, "stopped"),
                           fails(ErrorCode::rejected, "forbidden")};
  CHECK(bench.run().kind == Kind::failed);
  CHECK(failures(bench) == std::vector<std::string>{"no answer"});
  CHECK(bench.run().kind == Kind::failed);
  CHECK(bench.run().kind == Kind::failed);
  CHECK(failures(bench).size() == 1);

  Bench closed;
  closed.places_are_closed = true;
  const auto done = closed.run();
  CHECK(done.kind == Kind::failed);
  CHECK(done.error->summary == "no store today");
  CHECK(failures(closed) == std::vector<std::string>{"no store today"});
  CHECK(closed.events.events.size() == 1);
}

TEST_CASE("what an issuer signed before the run died is found again, where it can say so") {
  Bench bench;
  bench.issuer->answers = {[&](const IssueOrder& order) -> Result<OrderStatus> {
    bench.issuer->known = bench.issuer->sign(order).value();
    return Error(ErrorCode::outcome_unknown, "the answer was lost");
  }};
  CHECK(bench.run().kind == Kind::failed);
  CHECK(bench.run().kind == Kind::issued);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "find"});
}

TEST_CASE("other names, another key or an end in the past are not put where bindings read") {
  const auto refuses = [](FakeIssuer::Answer answer, const std::string& words) {
    Bench bench;
    bench.issuer->answers = {std::move(answer)};
    const auto done = bench.run();
    CHECK(done.kind == Kind::failed);
    REQUIRE(done.error);
    CHECK(done.error->summary.find(words) != std::string::npos);
    CHECK(bench.versions() == 0);
    CHECK_FALSE(bench.has_staged_key());
    CHECK_FALSE(bench.record().open);
    REQUIRE(bench.record().amiss);
    CHECK(bench.record().amiss->why.find(words) != std::string::npos);
    CHECK(bench.record().amiss->asked.names == bench.request.names);
  };
  const FakeIssuer other;
  refuses(
      [&](const IssueOrder& order) {
        const auto authority = x509::parse_certificates(other.family.intermediate.pem).value().front();
        const auto leaf = x509::sign_certificate(authority, SecretBuffer::copy_of(other.family.intermediate.key.text()),
                                                 {order.csr_der, order.names, "41", k_start - 48h, k_start - 24h});
        return Result<OrderStatus>(OrderIssued{x509::to_pem(leaf.value()) + other.family.intermediate.pem});
      },
      "has ended already");
  refuses([&](const IssueOrder& order) { return other.sign(order, {"other.example.com"}); }, "other names");
  refuses([&](const IssueOrder&) { return Result<OrderStatus>(OrderIssued{other.family.chain_pem()}); }, "another key");
  refuses([&](const IssueOrder&) { return Result<OrderStatus>(OrderIssued{"no certificate"}); },
          "no certificate with its chain");
}

TEST_CASE("of two runs under two states the one that stages second orders nothing") {
  Bench bench;
  bench.after_stage = [&] { bench.somebody_issues(); };
  const auto done = bench.run();
  CHECK(done.kind == Kind::there_already);
  CHECK(bench.issuer->calls.empty());
  CHECK(bench.versions() == 1);
  CHECK_FALSE(bench.has_staged_key());
  CHECK_FALSE(bench.record().open);
}

TEST_CASE("a certificate that somebody put there meanwhile, and that is not what is asked for, is told") {
  Bench bench;
  bench.request.names = {"sip.example.com", "sip2.example.com"};
  const auto planned = bench.plan();
  bench.somebody_issues();
  const auto done = bench.run(planned);
  CHECK(done.kind == Kind::failed);
  CHECK(done.error->code == ErrorCode::conflict);
  CHECK(done.error->detail.find("names_changed") != std::string::npos);
  CHECK(bench.issuer->calls.empty());
  CHECK(bench.versions() == 1);
}

TEST_CASE("a certificate that somebody put there meanwhile, and that was revoked from here, is not there already") {
  Bench bench;
  const auto planned = bench.plan();
  bench.somebody_issues();
  bench.sources.forget(bench.request.source);
  bench.revoked.insert(bench.sources.stored({}, bench.request.source)->chain->identity.leaf);
  const auto done = bench.run(planned);
  CHECK(done.kind == Kind::failed);
  REQUIRE(done.error);
  CHECK(done.error->code == ErrorCode::conflict);
  CHECK(done.error->detail.find("revoked") != std::string::npos);
}

TEST_CASE("a certificate without its key is not there already") {
  Bench bench;
  const auto planned = bench.plan();
  bench.somebody_issues();
  REQUIRE(bench.files.remove("/sip/live/key.pem"));
  const auto done = bench.run(planned);
  CHECK(done.kind == Kind::failed);
  REQUIRE(done.error);
  CHECK(done.error->detail.find("key is gone") != std::string::npos);
}

TEST_CASE("under a plan for another issuer, only what that one has issued is there already") {
  Bench bench;
  REQUIRE(bench.run().kind == Kind::issued);
  bench.request.issuer = {"fake", {{"role", "carrier"}}};
  const auto planned = bench.plan();
  REQUIRE(planned.cause == IssueCause::issuer_changed);
  SECTION("an earlier run of the plan was it") {
    REQUIRE(bench.run(planned).kind == Kind::issued);
    CHECK(bench.run(planned).kind == Kind::there_already);
    CHECK(bench.versions() == 2);
  }
  SECTION("nobody knows who was it") {
    bench.somebody_issues();
    const auto done = bench.run(planned);
    CHECK(done.kind == Kind::failed);
    REQUIRE(done.error);
    CHECK(done.error->detail.find("not known to be of the issuer") != std::string::npos);
  }
}

TEST_CASE("a key that is used again is the one before, unless its type is another") {
  const auto key = [](Bench& bench) { return bench.sources.stored({}, bench.request.source)->chain->leaf().key; };
  Bench bench;
  REQUIRE(bench.run().kind == Kind::issued);
  const auto first = key(bench);
  bench.request.reuse_key = true;
  bench.clock.advance(24h * 60);
  REQUIRE(bench.plan().cause == IssueCause::due);
  REQUIRE(bench.run().kind == Kind::issued);
  CHECK(key(bench).spki == first.spki);
  bench.request.key = KeyType::ecdsa_p384;
  REQUIRE(bench.plan().cause == IssueCause::key_changed);
  REQUIRE(bench.run().kind == Kind::issued);
  CHECK(key(bench).bits == 384);
}

TEST_CASE("what is left of a block that is gone, and of a request that is another by now, is taken back with its key") {
  for (const auto kind : {Leftover::Kind::block, Leftover::Kind::request}) {
    Bench bench;
    bench.issuer->answers = {pending("order/1", 11min)};
    REQUIRE(bench.run().kind == Kind::pending);
    REQUIRE(bench.has_staged_key());
    const auto record = bench.record();
    const auto left = clear_away({}, bench.hands, {&record, kind});
    REQUIRE(left);
    CHECK_FALSE(*left);
    CHECK_FALSE(bench.has_staged_key());
    CHECK(std::holds_alternative<IssueForgotten>(bench.events.events.back().body) == (kind == Leftover::Kind::block));
    CHECK_FALSE(bench.record().open);
  }
}

TEST_CASE("a run that has lost its lock removes no key") {
  Bench bench;
  SECTION("what was begun is taken back") {
    bench.issuer->answers = {pending("order/1", 11min)};
    REQUIRE(bench.run().kind == Kind::pending);
    const auto record = bench.record();
    bench.events.is_of_another = true;
    const auto kind = GENERATE(Leftover::Kind::request, Leftover::Kind::block);
    const auto cleared = clear_away({}, bench.hands, {&record, kind});
    REQUIRE_FALSE(cleared);
    CHECK(cleared.error().code == ErrorCode::fenced);
  }
  SECTION("the issuer refuses") {
    bench.issuer->answers = {[&](const IssueOrder&) {
      bench.events.is_of_another = true;
      return Error(ErrorCode::rejected, "forbidden by policy");
    }};
    CHECK(bench.run().kind == Kind::failed);
  }
  CHECK(bench.has_staged_key());
  CHECK(bench.record().open);
}

TEST_CASE("a key that a run of this state gave up and did not get to removing is replaced at once") {
  Bench bench;
  bench.issuer->answers = {fails(ErrorCode::rejected, "forbidden by policy")};
  bench.events.passes = [](const std::string& step) {
    if (step == "before unstage") throw std::runtime_error("killed");
  };
  CHECK_THROWS_WITH(bench.run(), "killed");
  bench.events.passes = nullptr;
  CHECK_FALSE(bench.record().open);
  REQUIRE(bench.has_staged_key());
  CHECK(bench.run().kind == Kind::issued);
  CHECK_FALSE(bench.has_staged_key());
}

TEST_CASE("a key that another block of this state has staged in the same place is not taken from it") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  const auto staged = bench.files.read("/sip/pending.pem", 1 << 20).value();
  bench.request.address = "certificate.issued.other";
  const auto refused = bench.run();
  REQUIRE(refused.error);
  CHECK(refused.error->code == ErrorCode::conflict);
  CHECK(bench.files.read("/sip/pending.pem", 1 << 20).value() == staged);
}

TEST_CASE("a key is taken out of a folder that everybody may write to, and none is put there") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  bench.files.kernel().set_mode("/sip", 0777, 1000);
  const auto refused = bench.run();
  REQUIRE(refused.error);
  CHECK(refused.error->code == ErrorCode::untrusted);
  CHECK(bench.has_staged_key());
  const auto record = bench.record();
  const auto cleared = clear_away({}, bench.hands, {&record, Leftover::Kind::block});
  REQUIRE(cleared);
  CHECK_FALSE(*cleared);
  CHECK_FALSE(bench.has_staged_key());
}

TEST_CASE("a staged key that is somebody else's is left where it is") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  auto record = bench.record();
  record.open->request = "another";
  REQUIRE(clear_away({}, bench.hands, {&record, Leftover::Kind::block}));
  CHECK(bench.has_staged_key());
}

TEST_CASE("a key that cannot be removed keeps nobody from forgetting its request, and is told with where it lies") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  const auto record = bench.record();
  bench.refused_place = Error(ErrorCode::untrusted, "/sip may not be written");
  const auto left = clear_away({}, bench.hands, {&record, Leftover::Kind::block});
  REQUIRE(left);
  REQUIRE(*left);
  CHECK((*left)->address == "certificate.issued.sip");
  CHECK((*left)->detail.find("files(path=/sip)") != std::string::npos);
  REQUIRE((*left)->causes.size() == 1);
  CHECK((*left)->causes.front().summary == "/sip may not be written");
  CHECK(bench.has_staged_key());
  CHECK(bench.record().address.empty());
}

TEST_CASE("where the state names a place that nobody allowed, nothing is asked of it") {
  Bench bench;
  bench.refused_place = Error(ErrorCode::untrusted, "/sip may not be written");
  const auto done = bench.run();
  CHECK(done.kind == Kind::failed);
  CHECK(done.error->code == ErrorCode::untrusted);
  CHECK(bench.issuer->calls.empty());
  CHECK_FALSE(bench.has_staged_key());
  REQUIRE(bench.events.events.size() == 1);
  CHECK(std::holds_alternative<IssueFailed>(bench.events.events.front().body));
}

TEST_CASE("a staged key that is gone makes its order worthless") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  REQUIRE(bench.files.remove("/sip/pending.pem"));
  REQUIRE(bench.run().kind == Kind::issued);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "find", "submit"});
}

}  // namespace trunkform::engine
